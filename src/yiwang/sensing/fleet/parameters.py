"""What can be set about positions."""

from yiwang.core.parameters.declare import Parameter, declare

KEEP = declare(
    Parameter(
        "fleet.keep_people",
        90,
        {"zh": "人员轨迹保留", "en": "Trails of people are kept"},
        {
            "zh": "更早的位置每天自动删除。轨迹只用于在岗期间的调度、考勤核对和巡查覆盖统计。",
            "en": "Older positions are deleted daily. They serve dispatch, attendance and coverage on duty only.",
        },
        7,
        366,
        {"zh": "天", "en": "days"},
    )
)
COARSE = declare(
    Parameter(
        "fleet.coarse",
        100,
        {"zh": "定位精度下限", "en": "Coarsest position shown"},
        {
            "zh": "精度比这更差的位置会保存，但不用于地图、轨迹和里程。",
            "en": "Coarser ones are kept, but stand on no map and in no trail.",
        },
        20,
        1000,
        {"zh": "米", "en": "m"},
    )
)
