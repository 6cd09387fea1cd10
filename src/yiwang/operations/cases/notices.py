"""The notices that this room gives."""

from yiwang.core.notify.declare import Kind, declare

declare(
    Kind(
        "case.your_turn",
        {"zh": "案件待我办理", "en": "A case waits for me"},
        {"zh": "待您办理：{verb}。{category}，{address}", "en": "Your turn: {verb}. {category}, {address}"},
    ),
    Kind(
        "case.urged",
        {"zh": "案件被催办", "en": "A case is urged"},
        {"zh": "{by} 催办：{category}，{address}。{note}", "en": "{by} urges: {category}, {address}. {note}"},
        urgent=True,
    ),
    Kind(
        "case.supervised",
        {"zh": "案件被督办", "en": "A case is supervised"},
        {
            "zh": "{by} 督办，请按时答复：{category}，{address}。{note}",
            "en": "{by} supervises, an answer is due: {category}, {address}. {note}",
        },
        urgent=True,
    ),
    Kind(
        "case.time_short",
        {"zh": "案件快到期", "en": "Time runs short"},
        {
            "zh": "{stage}快到期，{due_at} 截止：{category}，{address}",
            "en": "{stage} is due at {due_at}: {category}, {address}",
        },
    ),
    Kind(
        "case.overdue",
        {"zh": "案件已超时", "en": "A case is overdue"},
        {
            "zh": "{stage}已超时，{due_at} 截止：{category}，{address}",
            "en": "{stage} was due at {due_at}: {category}, {address}",
        },
        urgent=True,
    ),
    Kind(
        "case.request_decided",
        {"zh": "我的申请有结果", "en": "My request was decided"},
        {
            "zh": "您的{request}申请已审批，请登录查看结果：{category}，{address}",
            "en": "Your request ({request}) was decided: {category}, {address}",
        },
    ),
)
