from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "yiwang.insight.evaluation"
    label = "evaluation"
    verbose_name = "考核评价"
