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
