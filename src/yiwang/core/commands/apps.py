from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "yiwang.core.commands"
    label = "commands"
    verbose_name = "离线指令"
