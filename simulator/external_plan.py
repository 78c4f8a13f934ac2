"""Plans that somebody else wrote into the ERP: the dispatcher and the technicians follow them."""

from __future__ import annotations

from psycopg2.extensions import connection as Connection

from simulator.world import World

STATEMENT = """
select intervention_id, statut, technicien_id, date_planifiee, heure_prevue
from interventions
where statut in ('A planifier', 'Planifiee')
order by intervention_id
"""


def take_over_plans(link: Connection, world: World) -> None:
    """Bring the open visits of `world` in line with the ERP; visits cancelled or removed there are dropped.

    A promised window stays only while its day does.
    """
    with link.cursor() as cursor:
        cursor.execute(STATEMENT)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    for visit in list(world.visits.values()):
        if visit.visit_id not in rows:
            world.close(visit)
            continue
        status, technician, day, hour = rows[visit.visit_id]
        planned = day.toordinal() if status == "Planifiee" and day and technician else 0
        if planned != visit.planned:
            visit.promise_start = visit.promise_end = 0
        visit.planned, visit.technician_id = planned, technician if planned else 0
        visit.hour_min = hour.hour * 60 + hour.minute if planned and hour else (480 if planned else 0)
