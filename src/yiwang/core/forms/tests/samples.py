"""A form with a field of every kind, and one that scores in every way."""

from yiwang.core.forms.declare import Field, Form, Kind, Label, Option, Section, When


def words(text: str) -> Label:
    """A label that says the same twice."""
    return {"zh": text, "en": text}


YES = When(field="sure", equals=True)
ALL_KINDS = Form(
    key="all_kinds",
    name=words("各种"),
    purpose=words("试用"),
    sections=(
        Section(
            "first",
            words("一"),
            (
                Field("sure", words("是否"), Kind.YES_NO, required=True, fails_on=False),
                Field("title", words("短文字"), Kind.TEXT, least=2, most=5),
                Field("story", words("长文字"), Kind.LONGTEXT, most=12, when=YES),
                Field("count", words("个数"), Kind.INTEGER, unit=words("处"), least=0, most=9),
                Field("width", words("宽"), Kind.NUMBER, required=True, least=0.5, when=YES),
                Field(
                    "colour",
                    words("颜色"),
                    Kind.CHOICE,
                    options=(Option("red", words("红"), fails=True), Option("blue", words("蓝"))),
                ),
                Field(
                    "faults",
                    words("问题"),
                    Kind.CHOICES,
                    required=True,
                    least=2,
                    most=2,
                    options=tuple(Option(code, words(code)) for code in ("dirt", "noise", "smell")),
                    when=When(any_of=(When(field="count", above=2), When(field="colour", among=("red",)))),
                ),
            ),
        ),
        Section(
            "second",
            words("二"),
            (
                Field("day", words("日期"), Kind.DATE),
                Field("moment", words("时间"), Kind.MOMENT),
                Field("photos", words("照片"), Kind.PHOTO, least=1, most=2),
                Field(
                    "pair",
                    words("前后"),
                    Kind.PHOTO,
                    required=True,
                    slots=("before", "after"),
                    when=When(all_of=(When(field="day", filled=True), When(field="faults", equals="dirt"))),
                ),
                Field("place", words("位置"), Kind.POINT, when=When(field="title", filled=False)),
            ),
        ),
    ),
)

SCORED = Form(
    key="scored",
    name=words("评分"),
    purpose=words("试用"),
    sections=(
        Section(
            "clean",
            words("卫生"),
            (
                Field("litter", words("垃圾"), Kind.INTEGER, deducts=0.3, deducts_at_most=2),
                Field(
                    "smell",
                    words("气味"),
                    Kind.CHOICE,
                    options=(
                        Option("none", words("无"), points=0),
                        Option("bad", words("重"), points=-8, fails=True),
                    ),
                ),
            ),
            starts=9,
            weight=60,
        ),
        Section(
            "fit",
            words("设施"),
            (
                Field("water", words("水"), Kind.YES_NO, points=2.5, fails_on=False),
                Field("leak", words("漏"), Kind.YES_NO, points=1, fails_on=True, deducts=0.5),
                Field(
                    "extras",
                    words("另有"),
                    Kind.CHOICES,
                    deducts_at_most=1,
                    options=(
                        Option("soap", words("皂"), points=1),
                        Option("paper", words("纸"), points=0.25),
                        Option("dirt", words("脏"), points=-3),
                    ),
                    when=When(field="water", equals=True),
                ),
            ),
        ),
    ),
)
FORMS = {form.key: form for form in (ALL_KINDS, SCORED)}
