"""The census of covers: what one is, whose it is, how it is."""

from yiwang.core.forms.declare import Field, Form, Kind, Option, Section, When

DAMAGED = When(field="state", among=("loose", "broken", "missing"))

CENSUS = Form(
    key="manhole_cover_census",
    name={"zh": "窨井盖普查表", "en": "Census of manhole covers"},
    purpose={"zh": "逐个登记井盖的位置、权属和状况", "en": "Each cover: where it is, whose it is, how it is"},
    edition="2026.1",
    sections=(
        Section(
            "cover",
            {"zh": "井盖", "en": "The cover"},
            (
                Field("place", {"zh": "位置", "en": "Where"}, Kind.POINT, required=True),
                Field(
                    "use",
                    {"zh": "用途", "en": "What it is for"},
                    Kind.CHOICE,
                    required=True,
                    options=(
                        Option("water", {"zh": "上水", "en": "Water supply"}),
                        Option("sewage", {"zh": "污水", "en": "Sewage"}),
                        Option("storm", {"zh": "雨水", "en": "Storm water"}),
                        Option("gas", {"zh": "燃气", "en": "Gas"}),
                        Option("heating", {"zh": "热力", "en": "Heating"}),
                        Option("power", {"zh": "电力", "en": "Power"}),
                        Option("telecom", {"zh": "通信", "en": "Telecom"}),
                        Option("light", {"zh": "路灯", "en": "Street light"}),
                        Option("unknown", {"zh": "看不出来", "en": "Cannot be told"}),
                    ),
                    hint={"zh": "看盖面上的字", "en": "Read what is cast into it"},
                ),
                Field("owner", {"zh": "权属单位", "en": "Owner"}, Kind.TEXT, most=60),
                Field("number", {"zh": "盖面编号", "en": "Number on it"}, Kind.TEXT, most=40),
                Field(
                    "material",
                    {"zh": "材质", "en": "Material"},
                    Kind.CHOICE,
                    required=True,
                    options=(
                        Option("iron", {"zh": "球墨铸铁", "en": "Ductile iron"}),
                        Option("composite", {"zh": "复合材料", "en": "Composite"}),
                        Option("concrete", {"zh": "混凝土", "en": "Concrete"}),
                        Option("other", {"zh": "其他", "en": "Other"}),
                    ),
                ),
                Field(
                    "size",
                    {"zh": "直径或边长", "en": "Diameter or side"},
                    Kind.NUMBER,
                    unit={"zh": "厘米", "en": "cm"},
                    least=10,
                    most=300,
                ),
            ),
        ),
        Section(
            "state",
            {"zh": "状况", "en": "How it is"},
            (
                Field(
                    "state",
                    {"zh": "盖体", "en": "The cover"},
                    Kind.CHOICE,
                    required=True,
                    options=(
                        Option("good", {"zh": "完好", "en": "Sound"}),
                        Option("loose", {"zh": "松动异响", "en": "Rattles"}, fails=True),
                        Option("broken", {"zh": "破损", "en": "Broken"}, fails=True),
                        Option("missing", {"zh": "缺失", "en": "Missing"}, fails=True),
                    ),
                ),
                Field(
                    "step",
                    {"zh": "与路面高差", "en": "Step against the road"},
                    Kind.NUMBER,
                    unit={"zh": "厘米", "en": "cm"},
                    least=0,
                    most=50,
                ),
                Field(
                    "net",
                    {"zh": "有防坠网", "en": "It has a safety net"},
                    Kind.YES_NO,
                    required=True,
                    fails_on=False,
                    when=When(field="use", among=("water", "sewage", "storm", "unknown")),
                ),
                Field(
                    "fenced",
                    {"zh": "已设围挡或警示", "en": "It is fenced or marked"},
                    Kind.YES_NO,
                    required=True,
                    fails_on=False,
                    when=DAMAGED,
                ),
                Field(
                    "photo",
                    {"zh": "照片", "en": "Photos"},
                    Kind.PHOTO,
                    required=True,
                    slots=("near", "reference"),
                    most=6,
                ),
                Field("remark", {"zh": "备注", "en": "Remarks"}, Kind.LONGTEXT, most=500),
            ),
        ),
    ),
)
