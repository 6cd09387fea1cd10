"""What can be set about shifts and attendance."""

from yiwang.core.parameters.declare import Parameter, declare

MINUTES = {"zh": "分钟", "en": "minutes"}
METRES = {"zh": "米", "en": "m"}
HOURS = {"zh": "小时", "en": "hours"}
GRACE = declare(
    Parameter(
        "duty.grace",
        5,
        {"zh": "迟到早退的宽限", "en": "Grace for late and early"},
        {
            "zh": "上班晚到、下班早走不超过这个时间，不算迟到早退。",
            "en": "Who comes later or leaves earlier by no more than this is neither late nor early.",
        },
        0,
        60,
        MINUTES,
    )
)
BEFORE = declare(
    Parameter(
        "duty.clock_before",
        120,
        {"zh": "上班前可打卡", "en": "Clocking in opens before the shift"},
        {
            "zh": "上班前这段时间内打的卡，记在这一班上。",
            "en": "A clocking in within this time before a shift counts for that shift.",
        },
        15,
        360,
        MINUTES,
    )
)
AFTER = declare(
    Parameter(
        "duty.clock_after",
        240,
        {"zh": "下班后可打卡", "en": "Clocking out closes after the shift"},
        {
            "zh": "下班后这段时间内打的卡，记在这一班上；过后没有打卡的算缺卡。",
            "en": "A clocking out within this time after a shift counts for it; after that it is missing.",
        },
        15,
        720,
        MINUTES,
    )
)
FENCE = declare(
    Parameter(
        "duty.fence_margin",
        50,
        {"zh": "打卡范围的余量", "en": "Margin around the fence"},
        {
            "zh": "在责任网格或打卡点外不超过这个距离（另加定位精度），算在范围内。",
            "en": "Outside the duty grid or place by no more than this, plus the accuracy, counts as inside.",
        },
        0,
        500,
        METRES,
    )
)
COARSE = declare(
    Parameter(
        "duty.coarse",
        200,
        {"zh": "打卡定位的最低精度", "en": "Coarsest position of a clocking"},
        {
            "zh": "精度比这更差的定位，算作没有定位，由负责人核定。",
            "en": "A coarser position counts as none, and the leader settles the clocking.",
        },
        20,
        2000,
        METRES,
    )
)
KEEP = declare(
    Parameter(
        "duty.keep_places",
        90,
        {"zh": "打卡位置和照片保留", "en": "Places and photos of clockings are kept"},
        {
            "zh": "更早的打卡，位置和照片每天自动删除，打卡时间和核对结果保留。",
            "en": "Of older clockings place and photo are deleted daily; time and verdict stay.",
        },
        7,
        366,
        {"zh": "天", "en": "days"},
    )
)
REST = declare(
    Parameter(
        "duty.least_rest",
        8,
        {"zh": "两班之间至少休息", "en": "Rest between two shifts, at least"},
        {
            "zh": "排班时，两班间隔不足这个时间的会提示。",
            "en": "When a roster is made, two shifts closer than this are pointed out.",
        },
        0,
        24,
        HOURS,
    )
)
