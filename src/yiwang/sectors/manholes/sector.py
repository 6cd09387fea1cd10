"""The sector's manifest: what a cover can be, what is wrong with it, how fast that must be handled.

Conditions, limits and closing tests follow the table adopted by Yuncheng city (shape of GB/T 30428.8), worded by us.
"""

from yiwang.core.codes.declare import Label
from yiwang.core.registry import Sector
from yiwang.operations.cases.declare import CaseCategory, FilingConditionDecl, Origin, limit
from yiwang.sectors.manholes.forms import CENSUS

PUBLIC_UTILITIES = "01"
COVER_WORDS = ("井盖", "窨井盖", "下水道盖", "井盖丢了", "井盖松动", "井盖异响", "井盖塌陷")


def condition(text: Label, within: str, closing: Label) -> FilingConditionDecl:
    """One row of the filing table."""
    return FilingConditionDecl(text=text, limit=limit(within), closing=closing)


MISSING = condition(
    Label("井盖缺失、移位或开裂", "Cover missing, shifted or cracked"),
    "2uh",
    Label("补装或更换，恢复原状", "Fitted or replaced, as it was"),
)
RATTLING = condition(
    Label("井盖松动异响或翻转", "Cover rattles or flips"),
    "2d",
    Label("加固平稳，无异响", "Fixed, firm and silent"),
)
MENDED = Label("更换或修复", "Replaced or mended")
LEVELLED = Label("周边路面修复平顺", "Surface around it mended and even")


def broken(within: str) -> FilingConditionDecl:
    """Broken over a larger area; the limit depends on what lies below."""
    return condition(Label("破损面积超过 25 平方厘米", "Broken over more than 25 cm²"), within, MENDED)


def step_over(centimetres: int) -> FilingConditionDecl:
    """The surround has sunk or risen, or stands off the road by more than so many centimetres."""
    return condition(
        Label(
            f"周边 150×150 厘米内沉降、隆起，或与路面高差超过 {centimetres} 厘米",
            f"Surround within 150 × 150 cm sunk or raised, or a step of more than {centimetres} cm",
        ),
        "5d",
        LEVELLED,
    )


DRAIN_COVER = (MISSING, broken("4h"), RATTLING, step_over(2))
OTHER_COVER = (MISSING, broken("1d"), RATTLING, step_over(2))
HEATING_COVER = (MISSING, broken("1d"), RATTLING, step_over(3))
GAS_COVER = (MISSING, broken("1d"), RATTLING, step_over(4))
CLOGGED = condition(
    Label("堵塞三分之一以上", "Clogged by a third or more"), "1d", Label("清掏疏通", "Cleared")
)
GRATE = (
    condition(Label("箅子缺失、移位或开裂", "Grate missing, shifted or cracked"), "2uh", MISSING.closing),
    broken("4h"),
    condition(Label("箅子松动异响或翻转", "Grate rattles or flips"), "2d", RATTLING.closing),
    step_over(2),
    CLOGGED,
)
SLAB = (
    condition(Label("盖板缺失或移位", "Slab missing or shifted"), "4uh", MISSING.closing),
    broken("1d"),
)


def cover(
    slug: str,
    codes: tuple[str | None, str | None],
    name: Label,
    usual_unit: str,
    *,
    conditions: tuple[FilingConditionDecl, ...] = (),
    words: tuple[str, ...] = (),
) -> CaseCategory:
    """A kind of cover. `codes`: minor code of GB/T 30428.2 and code of CJ/T 214-2007, None where not known.

    A cover without conditions is one that no adopted table has: it fills a gap and gets the default condition.
    """
    minor, legacy_code = codes
    return CaseCategory(
        key=f"component.{slug}",
        major=PUBLIC_UTILITIES,
        minor=minor,
        name=name,
        origin=Origin.ADOPTED if minor else Origin.INFERRED,
        usual_unit=usual_unit,
        legacy_code=legacy_code,
        synonyms=(*COVER_WORDS, *words),
        conditions=conditions,
    )


SECTOR = Sector(
    key="manholes",
    name={"zh": "窨井盖", "en": "Manhole covers"},
    declarations=(
        CENSUS,
        cover(
            "water_manhole_cover",
            ("01", "0101"),
            Label("上水井盖", "Water-supply manhole cover"),
            "water",
            conditions=DRAIN_COVER,
            words=("自来水井盖", "水表井盖", "阀门井"),
        ),
        cover(
            "sewage_manhole_cover",
            ("02", "0102"),
            Label("污水井盖", "Sewage manhole cover"),
            "water",
            conditions=DRAIN_COVER,
            words=("下水井盖", "污水井", "臭水井"),
        ),
        cover(
            "storm_manhole_cover",
            ("03", "0103"),
            Label("雨水井盖", "Storm-water manhole cover"),
            "water",
            conditions=DRAIN_COVER,
            words=("雨水井",),
        ),
        CaseCategory(
            key="component.storm_grate",
            major=PUBLIC_UTILITIES,
            minor="04",
            name=Label("雨水箅子", "Storm-water grate"),
            origin=Origin.ADOPTED,
            usual_unit="water",
            legacy_code="0104",
            synonyms=("雨水篦子", "水篦子", "下水口", "雨箅子堵塞", "排水口", "雨水口"),
            conditions=GRATE,
        ),
        cover(
            "light_manhole_cover",
            ("06", "0106"),
            Label("路灯井盖", "Street-light manhole cover"),
            "lighting",
            conditions=OTHER_COVER,
            words=("路灯井",),
        ),
        cover(
            "heating_manhole_cover",
            ("10", "0110"),
            Label("热力井盖", "Heating manhole cover"),
            "housing",
            conditions=HEATING_COVER,
            words=("暖气井",),
        ),
        cover(
            "gas_manhole_cover",
            ("11", "0111"),
            Label("燃气井盖", "Gas manhole cover"),
            "gas",
            conditions=GAS_COVER,
            words=("煤气井盖", "天然气井盖", "燃气井"),
        ),
        cover(
            "greening_manhole_cover",
            ("14", None),
            Label("园林井盖", "Greening manhole cover"),
            "gardens",
            conditions=OTHER_COVER,
            words=("绿化井盖", "浇水井"),
        ),
        cover(
            "septic_manhole_cover",
            ("18", None),
            Label("化粪池井盖", "Septic-tank manhole cover"),
            "sanitation",
            conditions=DRAIN_COVER,
            words=("化粪池盖", "粪池盖"),
        ),
        cover(
            "unidentified_manhole_cover",
            ("23", "0114"),
            Label("不明井盖", "Manhole cover of unknown owner"),
            "municipal",
            conditions=DRAIN_COVER,
            words=("无主井盖", "权属不明"),
        ),
        CaseCategory(
            key="component.trench_slab",
            major=PUBLIC_UTILITIES,
            minor="26",
            name=Label("沟槽盖板", "Trench slab"),
            origin=Origin.ADOPTED,
            usual_unit="municipal",
            synonyms=("沟盖板", "水沟盖板", "水泥盖板", "明沟盖板", "盖板断裂"),
            conditions=SLAB,
        ),
        cover(
            "power_manhole_cover",
            (None, "0105"),
            Label("电力井盖", "Power manhole cover"),
            "urban_management",
        ),
        cover(
            "telecom_manhole_cover",
            (None, "0107"),
            Label("通信井盖", "Telecom manhole cover"),
            "urban_management",
        ),
        cover(
            "tv_manhole_cover",
            (None, "0108"),
            Label("电视井盖", "Television manhole cover"),
            "urban_management",
        ),
        cover(
            "network_manhole_cover",
            (None, "0109"),
            Label("网络井盖", "Network manhole cover"),
            "urban_management",
        ),
        cover(
            "police_manhole_cover",
            (None, "0112"),
            Label("公安井盖", "Police manhole cover"),
            "traffic_police",
        ),
        cover(
            "reclaimed_manhole_cover",
            (None, "0127"),
            Label("中水井盖", "Reclaimed-water manhole cover"),
            "water",
        ),
        cover(
            "bus_manhole_cover", (None, "0128"), Label("公交井盖", "Bus-system manhole cover"), "transport"
        ),
        cover(
            "pipeline_manhole_cover",
            (None, "0129"),
            Label("输油(气)井盖", "Oil or gas pipeline manhole cover"),
            "gas",
        ),
    ),
)
