from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "yiwang.sensing.fleet"
    label = "fleet"
    verbose_name = "人员与车辆位置"
