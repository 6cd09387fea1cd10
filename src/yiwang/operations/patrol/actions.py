"""The verbs of this room, for rooms above: each stands in the part that it belongs to."""

from yiwang.operations.patrol.calls.actions import NewCall
from yiwang.operations.patrol.calls.actions import answer as answer_call
from yiwang.operations.patrol.calls.actions import call as call_people
from yiwang.operations.patrol.inspections.actions import NewInspection, Sampling, Team, put_population
from yiwang.operations.patrol.inspections.actions import draw as draw_sample
from yiwang.operations.patrol.inspections.actions import make as make_inspection
from yiwang.operations.patrol.inspections.actions import report as report_inspection
from yiwang.operations.patrol.inspections.actions import run as run_inspection
from yiwang.operations.patrol.inspections.population import Population, Row
from yiwang.operations.patrol.inspections.rectifying import Order, report_done
from yiwang.operations.patrol.inspections.rectifying import order as order_rectification
from yiwang.operations.patrol.plans.actions import NewPlan, NewTarget, make_plan
from yiwang.operations.patrol.plans.drawing_up import draw_up
from yiwang.operations.patrol.rules.drafting import Window
from yiwang.operations.patrol.rules.frequency import Frequency, Per
from yiwang.operations.patrol.runs.actions import check_in, finish, miss_overdue, start
from yiwang.operations.patrol.runs.filling import fill

__all__ = [
    "Frequency",
    "NewCall",
    "NewInspection",
    "NewPlan",
    "NewTarget",
    "Order",
    "Per",
    "Population",
    "Row",
    "Sampling",
    "Team",
    "Window",
    "answer_call",
    "call_people",
    "check_in",
    "draw_sample",
    "draw_up",
    "fill",
    "finish",
    "make_inspection",
    "make_plan",
    "miss_overdue",
    "order_rectification",
    "put_population",
    "report_done",
    "report_inspection",
    "run_inspection",
    "start",
]
