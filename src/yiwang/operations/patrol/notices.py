"""The notices that this room gives."""

from yiwang.core.notify.declare import Kind, declare

declare(
    Kind(
        "patrol.called",
        {"zh": "就近呼叫", "en": "A call nearby"},
        {
            "zh": "{by} 呼叫您前往 {address}：{reason}。请马上应答",
            "en": "{by} calls you to {address}: {reason}. Please answer at once",
        },
        urgent=True,
    ),
    Kind(
        "patrol.handed_over",
        {"zh": "交接班", "en": "Work handed over"},
        {
            "zh": "{by} 把 {tasks} 项任务交给您，请确认接班。{note}",
            "en": "{by} handed {tasks} tasks over to you, please confirm. {note}",
        },
    ),
    Kind(
        "patrol.inspection_begins",
        {"zh": "专项检查任务", "en": "A special inspection"},
        {
            "zh": "请参加{name}：{stops} 处，{days}",
            "en": "You take part in {name}: {stops} places, {days}",
        },
    ),
    Kind(
        "patrol.rectify",
        {"zh": "检查整改通知", "en": "To be put right"},
        {
            "zh": "{name} 需要整改：{demand}。{due_on} 前报告",
            "en": "{name} must be put right: {demand}. Report by {due_on}",
        },
        urgent=True,
    ),
)
