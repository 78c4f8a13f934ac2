"""What starts by itself when something arrives."""

import dagster as dg

from orchestration.jobs import realtime
from orchestration.resources import House

_EVERY_S = 300


@dg.sensor(
    job=realtime,
    minimum_interval_seconds=_EVERY_S,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="New files in the inbox start the realtime job, every five minutes at most.",
)
def inbox_sensor(context: dg.SensorEvaluationContext, house: House) -> dg.SensorResult | dg.SkipReason:
    """One run for all files that arrived since the last one."""
    from warehouse.sources.arrivals import inbox_mark

    mark = inbox_mark(house.inbox)
    if mark == context.cursor:
        return dg.SkipReason("Nothing new in the inbox.")
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=mark)], cursor=mark)
