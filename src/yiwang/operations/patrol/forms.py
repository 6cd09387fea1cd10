"""The forms that this room ships: what is looked at on a street, in a public toilet, after a repair, in an inspection.

What is asked and what it counts is our own choice; a district edits both on screen.
"""

from yiwang.core.forms.declare import Field, Form, Kind, Label, Option, Section, When

EDITION = "2026.1"


def words(zh: str, en: str) -> Label:
    """A label."""
    return {"zh": zh, "en": en}


OPEN = When(field="is_open", equals=True)
NOT_GOOD = When(field="overall", equals="problem")
PLACES = words("处", "places")
HOW_IT_LOOKS = words("站远一点，能看出在哪里", "Stand back, so that the place can be told")


def tidy(key: str, zh: str, en: str, *, points: int, when: When | None = None) -> Field:
    """A yes-or-no that earns points when the answer is yes."""
    return Field(key, words(zh, en), Kind.YES_NO, required=True, when=when, points=points, fails_on=False)


def counted(key: str, zh: str, en: str, *, each: float, at_most: float, when: When | None = None) -> Field:
    """How many of something there are, each of which takes points off."""
    return Field(
        key,
        words(zh, en),
        Kind.INTEGER,
        required=True,
        unit=PLACES,
        least=0,
        most=999,
        deducts=each,
        deducts_at_most=at_most,
        when=when,
    )


def remark() -> Field:
    """What else there is to say."""
    return Field("remark", words("备注", "Remarks"), Kind.LONGTEXT, most=500)


STREET_PATROL = Form(
    key="street_patrol",
    name=words("街面巡查表", "Street patrol checklist"),
    purpose=words(
        "沿路走一遍，看六件事；有问题再细填",
        "Walk the street and look at six things; more only where it is bad",
    ),
    edition=EDITION,
    sections=(
        Section(
            "look",
            words("总体情况", "All in all"),
            (
                Field(
                    "overall",
                    words("这一段怎么样", "How is this stretch"),
                    Kind.CHOICE,
                    required=True,
                    options=(
                        Option("good", words("没有问题", "Nothing wrong")),
                        Option("problem", words("有问题", "Something is wrong"), fails=True),
                    ),
                ),
                Field(
                    "photo",
                    words("现场照片", "Photos"),
                    Kind.PHOTO,
                    required=True,
                    least=1,
                    most=6,
                    hint=HOW_IT_LOOKS,
                ),
            ),
        ),
        Section(
            "problems",
            words("问题", "What is wrong"),
            (
                Field(
                    "kinds",
                    words("是哪一类", "What kind"),
                    Kind.CHOICES,
                    required=True,
                    when=NOT_GOOD,
                    options=(
                        Option("waste", words("暴露垃圾", "Exposed waste")),
                        Option("stalls", words("占道经营", "Trading on the road")),
                        Option("parking", words("乱停放", "Vehicles left about")),
                        Option("adverts", words("乱张贴涂写", "Bills and scrawls")),
                        Option("damage", words("设施损坏", "Something is broken")),
                        Option("water", words("道路积水", "Standing water")),
                        Option("other", words("其他", "Something else")),
                    ),
                ),
                Field(
                    "other_kind",
                    words("其他是什么", "What else"),
                    Kind.TEXT,
                    required=True,
                    most=60,
                    when=When(field="kinds", among=("other",)),
                ),
                Field(
                    "how_many",
                    words("共有几处", "How many places"),
                    Kind.INTEGER,
                    required=True,
                    unit=PLACES,
                    least=1,
                    most=99,
                    when=NOT_GOOD,
                ),
                Field(
                    "solved",
                    words("是否当场处理好", "Put right on the spot"),
                    Kind.YES_NO,
                    required=True,
                    when=NOT_GOOD,
                ),
                Field(
                    "proof",
                    words("处理前后照片", "Before and after"),
                    Kind.PHOTO,
                    required=True,
                    slots=("before", "after"),
                    when=When(field="solved", equals=True),
                ),
                remark(),
            ),
        ),
    ),
)

PUBLIC_TOILET = Form(
    key="public_toilet",
    name=words("公厕检查表", "Public toilet inspection"),
    purpose=words(
        "按 100 分检查一座公厕的卫生、设施和服务",
        "One public toilet out of 100: cleanliness, fittings, service",
    ),
    edition=EDITION,
    sections=(
        Section(
            "open",
            words("开放", "Opening"),
            (
                Field(
                    "is_open",
                    words("是否正常开放", "Open as it should be"),
                    Kind.YES_NO,
                    required=True,
                    fails_on=False,
                ),
                Field(
                    "closed_why",
                    words("没有开放的原因", "Why it is closed"),
                    Kind.TEXT,
                    required=True,
                    when=When(field="is_open", equals=False),
                ),
                Field(
                    "photo",
                    words("现场照片", "Photos"),
                    Kind.PHOTO,
                    required=True,
                    slots=("near", "far"),
                    most=8,
                ),
            ),
        ),
        Section(
            "clean",
            words("卫生", "Cleanliness"),
            (
                counted("flies", "苍蝇", "Flies", each=2, at_most=10, when=OPEN),
                counted("litter", "地面烟头、纸屑", "Litter on the floor", each=1, at_most=10, when=OPEN),
                counted(
                    "stains", "便器、墙面污迹", "Stains on bowls and walls", each=2, at_most=20, when=OPEN
                ),
                Field(
                    "smell",
                    words("气味", "Smell"),
                    Kind.CHOICE,
                    required=True,
                    options=(
                        Option("none", words("没有异味", "None"), points=0),
                        Option("slight", words("轻微异味", "Slight"), points=-5),
                        Option("strong", words("明显异味", "Strong"), points=-15, fails=True),
                    ),
                    when=OPEN,
                ),
            ),
            starts=60,
            weight=60,
        ),
        Section(
            "fittings",
            words("设施和服务", "Fittings and service"),
            (
                tidy("water", "冲水正常", "Flushing works", points=10, when=OPEN),
                tidy("lamps", "照明正常", "Lamps work", points=5, when=OPEN),
                tidy("paper", "有纸和洗手液", "Paper and soap are there", points=10, when=OPEN),
                tidy(
                    "accessible",
                    "无障碍设施可用",
                    "The accessible fittings can be used",
                    points=10,
                    when=OPEN,
                ),
                tidy("notice", "公示牌和监督电话清楚", "Notice and number can be read", points=5, when=OPEN),
            ),
            weight=40,
        ),
        Section("more", words("说明", "Remarks"), (remark(),)),
    ),
)

CHECK_AFTER_HANDLING = Form(
    key="check_after_handling",
    name=words("处置后核查表", "Check after handling"),
    purpose=words(
        "到现场看处置得怎么样，与处置前同一角度拍照",
        "Look at the result, from where the first picture was taken",
    ),
    edition=EDITION,
    sections=(
        Section(
            "result",
            words("处置结果", "The result"),
            (
                Field(
                    "is_solved",
                    words("问题是否已解决", "Is it solved"),
                    Kind.YES_NO,
                    required=True,
                    fails_on=False,
                ),
                Field(
                    "what_is_left",
                    words("还差什么", "What is left"),
                    Kind.CHOICES,
                    required=True,
                    when=When(field="is_solved", equals=False),
                    options=(
                        Option("untouched", words("没有处置", "Nothing was done")),
                        Option("partly", words("只处置了一部分", "Only a part was done")),
                        Option("poor", words("处置质量不好", "Poorly done")),
                        Option("again", words("又出现了", "It is back")),
                        Option("site_unclean", words("现场没有清理", "The site is not cleared")),
                    ),
                ),
                Field(
                    "is_clean",
                    words("现场是否清理干净", "Is the site cleared"),
                    Kind.YES_NO,
                    required=True,
                    fails_on=False,
                    when=When(field="is_solved", equals=True),
                ),
                Field(
                    "photo",
                    words("现场照片", "Photos"),
                    Kind.PHOTO,
                    required=True,
                    slots=("after", "far"),
                    most=6,
                    hint=words("与处置前同一角度", "From the same angle as before"),
                ),
                Field(
                    "quality",
                    words("处置质量", "How well it was done"),
                    Kind.CHOICE,
                    when=When(field="is_solved", equals=True),
                    options=(
                        Option("good", words("好", "Well"), points=10),
                        Option("fair", words("一般", "Fairly"), points=6),
                        Option("poor", words("差", "Poorly"), points=2),
                    ),
                ),
                remark(),
            ),
        ),
    ),
)

SANITATION_INSPECTION = Form(
    key="sanitation_inspection",
    name=words("环境卫生专项检查表", "Special inspection of sanitation"),
    purpose=words(
        "按 100 分检查一条道路：路面、容器、作业、周边",
        "One road out of 100: surface, bins, crews, surroundings",
    ),
    edition=EDITION,
    sections=(
        Section(
            "surface",
            words("路面", "Road surface"),
            (
                counted("waste_heaps", "垃圾堆", "Heaps of waste", each=5, at_most=20),
                counted("litter", "散落垃圾", "Litter", each=0.5, at_most=10),
                counted("puddles", "积水、污水", "Puddles and sewage", each=2, at_most=10),
                Field(
                    "dust",
                    words("积尘", "Dust"),
                    Kind.NUMBER,
                    unit=words("克/平方米", "g/m²"),
                    least=0,
                    most=500,
                    hint=words("有条件时称重", "Weigh it where you can"),
                ),
            ),
            starts=40,
            weight=40,
        ),
        Section(
            "bins",
            words("果皮箱和垃圾桶", "Bins"),
            (
                counted("full_bins", "满溢", "Overflowing", each=2, at_most=10),
                counted("broken_bins", "破损", "Broken", each=2, at_most=6),
                tidy("bins_clean", "外表干净", "Clean outside", points=4),
            ),
            starts=16,
            weight=20,
        ),
        Section(
            "crew",
            words("作业", "Crews at work"),
            (
                tidy("crew_there", "有人作业", "Somebody is at work", points=10),
                tidy(
                    "crew_equipped",
                    "着装和工具齐全",
                    "Dressed and equipped as they should be",
                    points=10,
                    when=When(field="crew_there", equals=True),
                ),
            ),
            weight=20,
        ),
        Section(
            "around",
            words("周边", "Surroundings"),
            (
                tidy("green_clean", "绿化带无垃圾", "No waste in the greenery", points=10),
                tidy("walls_clean", "墙面杆面无乱张贴", "No bills on walls and poles", points=10),
                Field(
                    "photo",
                    words("现场照片", "Photos"),
                    Kind.PHOTO,
                    required=True,
                    least=2,
                    most=9,
                    hint=words("扣分的地方都要拍到", "Whatever costs points must be seen"),
                ),
                Field("place", words("检查位置", "Where"), Kind.POINT, required=True),
                remark(),
            ),
            weight=20,
        ),
    ),
)

FORMS = (STREET_PATROL, PUBLIC_TOILET, CHECK_AFTER_HANDLING, SANITATION_INSPECTION)
