"""Plan weeks and tours on the warehouse's data: read marts, solve, check, write `planning.*`, write files."""

from services.planning.driven import compare_driven_tours
from services.planning.json_files import plan_file, replan_file
from services.planning.publish import publish_latest, publish_plan
from services.planning.replan import Happenings, replan_week
from services.planning.replan_report import ReplanReport
from services.planning.report import DrivenReport, PlanReport, PublicationReport
from services.planning.tour import plan_tour
from services.planning.week import plan_week

__all__ = [
    "DrivenReport",
    "Happenings",
    "PlanReport",
    "PublicationReport",
    "ReplanReport",
    "compare_driven_tours",
    "plan_file",
    "plan_tour",
    "plan_week",
    "publish_latest",
    "publish_plan",
    "replan_file",
    "replan_week",
]
