"""The notices that this room gives itself."""

from yiwang.core.notify.declare import Kind, declare

TRIAL = "notify.trial"

declare(
    Kind(
        "account.stand_in",
        {"zh": "由我代理", "en": "I stand in for somebody"},
        {
            "zh": "{name}不在岗，由您代理：{starts_on} 至 {ends_on}",
            "en": "You stand in for {name} from {starts_on} to {ends_on}",
        },
    ),
    Kind(
        "account.stand_in_ended",
        {"zh": "代理结束", "en": "Standing in has ended"},
        {"zh": "您不再代理{name}", "en": "You no longer stand in for {name}"},
    ),
    Kind(
        "account.absence_entered",
        {"zh": "别人为我登记缺勤", "en": "Somebody entered my absence"},
        {
            "zh": "{by}为您登记了缺勤：{starts_on} 至 {ends_on}",
            "en": "{by} entered your absence from {starts_on} to {ends_on}",
        },
    ),
    Kind(
        "account.absence_cancelled",
        {"zh": "别人结束我的缺勤", "en": "Somebody ended my absence"},
        {"zh": "{by}结束了您的缺勤", "en": "{by} ended your absence"},
    ),
)
# For trying a way out: asked for each time, never chosen.
TRIAL_KIND = Kind(
    TRIAL,
    {"zh": "测试通知", "en": "Trial notice"},
    {"zh": "这是一条测试通知，收到即表示设置有效。", "en": "This is a trial notice: it works."},
    urgent=True,
)
