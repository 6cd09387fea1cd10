"""A small table in two editions, for tests."""

from yiwang.core.codes.declare import CodeItem, CodeTable, Confidence, Label

CHANNELS = CodeTable(
    key="channels",
    edition="2026.1",
    name=Label("渠道", "Channels"),
    source="测试",
    items=(
        CodeItem("hotline", Label("热线", "Hotline")),
        CodeItem("hotline_12345", Label("市民热线", "Citizens' hotline"), parent="hotline"),
        CodeItem("fax", Label("传真", "Fax"), confidence=Confidence.UNVERIFIED_DEFAULT),
        CodeItem("web", Label("网站", "Website")),
    ),
)

CHANNELS_LATER = CodeTable(
    key="channels",
    edition="2026.2",
    name=Label("渠道", "Channels"),
    source="测试",
    items=(
        CodeItem("hotline", Label("热线电话", "Hotline")),
        CodeItem("hotline_12345", Label("市民热线", "Citizens' hotline"), parent="hotline"),
        CodeItem("web", Label("网站", "Website"), active=False),
        CodeItem("app", Label("手机应用", "App")),
    ),
)
