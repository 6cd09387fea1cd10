"""What can be set for patrols."""

from yiwang.core.parameters.declare import Parameter, declare

DAYS_AHEAD = declare(
    Parameter(
        "patrol.days_ahead",
        3,
        {"zh": "提前生成巡查任务", "en": "Draw up patrol tasks ahead"},
        {
            "zh": "系统每小时检查一次，把今天起若干天的任务生成好",
            "en": "Each hour tasks of so many days ahead are drawn up",
        },
        least=1,
        most=31,
        unit={"zh": "天", "en": "days"},
    )
)
GRACE_MINUTES = declare(
    Parameter(
        "patrol.grace_minutes",
        30,
        {"zh": "巡查任务超时宽限", "en": "Grace for patrol tasks"},
        {
            "zh": "时段结束后过了宽限仍未完成的任务记为漏巡",
            "en": "A task that is not done so long after its time counts as missed",
        },
        least=0,
        most=480,
        unit={"zh": "分钟", "en": "minutes"},
    )
)
KEEP_PLACES = declare(
    Parameter(
        "patrol.keep_places_days",
        365,
        {"zh": "打卡位置保留", "en": "Keep places of check-ins"},
        {
            "zh": "过期后清除打卡时的经纬度，是否到位的结果保留",
            "en": "Afterwards coordinates of check-ins go; whether one was there stays",
        },
        least=30,
        most=3650,
        unit={"zh": "天", "en": "days"},
    )
)
