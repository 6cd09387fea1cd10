"""What can be set about backups."""

from yiwang.core.parameters.declare import Parameter, declare

BACKUP_NIGHTLY = declare(
    Parameter(
        "backup.nightly",
        True,
        {"zh": "每日自动备份", "en": "Nightly backup"},
        {
            "zh": "关闭后只有手动备份，请确认另有备份手段。",
            "en": "When off, backups are made by hand only: be sure that there is another way.",
        },
    )
)
BACKUP_HOUR = declare(
    Parameter(
        "backup.hour",
        2,
        {"zh": "自动备份时刻", "en": "Hour of the nightly backup"},
        {
            "zh": "每天到这个整点后一小时内开始备份，宜选业务最少的时候。",
            "en": "The backup begins within an hour after it; choose the quietest time of the day.",
        },
        0,
        23,
        {"zh": "点", "en": "o'clock"},
    )
)
BACKUP_KEPT = declare(
    Parameter(
        "backup.kept",
        14,
        {"zh": "备份保留份数", "en": "Backups kept"},
        {
            "zh": "新备份完成后，更早的自动删除。相同的文件在各份备份中只占一份空间。",
            "en": "After a new one, older ones are deleted. The same file takes its room once in all of them.",
        },
        1,
        365,
        {"zh": "份", "en": "backups"},
    )
)
DAYS = {"zh": "天", "en": "days"}
# Logs of a network are kept for six months at least: Cybersecurity Law, article 21 (3); GB/T 22239-2019, 8.1.3.5.
SIX_MONTHS = 184
KEEP_TRIES = declare(
    Parameter(
        "retention.sign_ins",
        366,
        {"zh": "登录日志保留", "en": "Sign-in log is kept"},
        {
            "zh": "更早的登录记录每天自动删除。依《网络安全法》第二十一条和等级保护要求，日志留存不少于六个月。",
            "en": "Older ones are deleted daily. The Cybersecurity Law, art. 21, asks for six months at least.",
        },
        SIX_MONTHS,
        3660,
        DAYS,
    )
)
KEEP_LINKS = declare(
    Parameter(
        "retention.links",
        30,
        {"zh": "用过或过期的密码链接保留", "en": "Used and expired password links are kept"},
        {
            "zh": "从使用或过期那天算起；谁在何时生成和使用，操作日志另有记录。",
            "en": "From their use or end on. The operation log keeps who made and used them.",
        },
        1,
        366,
        DAYS,
    )
)
KEEP_SESSIONS = declare(
    Parameter(
        "retention.sessions",
        0,
        {"zh": "已结束的登录状态保留", "en": "Ended sessions are kept"},
        {
            "zh": "过期或长时间没有使用的登录状态，早已不能再用；0 表示当天清理。",
            "en": "Those that expired or were left, and let nobody in any more; 0 clears them the same day.",
        },
        0,
        90,
        DAYS,
    )
)
KEEP_ANSWERS = declare(
    Parameter(
        "retention.answers",
        1,
        {"zh": "重复提交的应答保留", "en": "Answers for retries are kept"},
        {
            "zh": "网络中断后重新提交时，用来避免重复办理；其中可能有个人信息，够用即可。",
            "en": "They keep a write that is sent again from being done twice, and may hold personal values.",
        },
        1,
        30,
        DAYS,
    )
)
KEEP_COMMANDS = declare(
    Parameter(
        "retention.commands",
        400,
        {"zh": "已办的手机指令保留", "en": "Commands of phones that were done are kept"},
        {
            "zh": "手机长时间离线后重发同一指令时，凭记录不会重复办理；冲突箱里的一直保留到处理完。",
            "en": "By the record a phone that was away for long does nothing twice. Conflicts stay until seen to.",
        },
        30,
        3660,
        DAYS,
    )
)
