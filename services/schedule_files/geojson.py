"""The map: one GeoJSON file a day (RFC 7946: WGS 84, longitude first), a colour a technician."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from core.errors import InvalidInput, SourceUnavailable
from optimisers.model import Place
from services.schedule_files.schedule import Schedule, ScheduledDay, ScheduledVisit

_log = logging.getLogger(__name__)
Line = list[tuple[float, float]]
Shape = Callable[[Sequence[Place]], Line]
# Okabe & Ito's palette, told apart by colour-blind eyes as well (jfly.uni-koeln.de/color, 2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C6D31")
# A metre: more digits are noise.
DECIMALS = 5


def write(schedule: Schedule, folder: Path, shape: Shape | None = None) -> list[Path]:
    """One .geojson a day in `folder`; `shape` gives the road through places, else lines are straight."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for day in schedule.jours:
        path = folder / f"tournees-{day}.geojson"
        path.write_text(json.dumps(map_of(schedule, day, shape), ensure_ascii=False), encoding="utf-8")
        written.append(path)
    return written


def map_of(schedule: Schedule, day: date, shape: Shape | None = None) -> dict[str, object]:
    """The day's FeatureCollection: for each tour its line, its home, its visits in order."""
    colours = colours_of(schedule)
    features = []
    for tour in schedule.journees:
        if tour.jour == day:
            features += _features(tour, colours[tour.technicien_id], shape)
    return {"type": "FeatureCollection", "features": features}


def colours_of(schedule: Schedule) -> dict[int, str]:
    """A colour for each technician, the same on every day of the plan."""
    return {number: COLOURS[rank % len(COLOURS)] for rank, (number, _) in enumerate(schedule.techniciens)}


def _features(tour: ScheduledDay, colour: str, shape: Shape | None) -> list[dict[str, object]]:
    shared = {"technicien_id": tour.technicien_id, "technicien": tour.technicien, "couleur": colour}
    home = [] if tour.domicile is None else [Place(*tour.domicile)]
    visits = [(visit, Place(visit.latitude, visit.longitude)) for visit in tour.visites if _placed(visit)]
    way = [*home, *(place for _, place in visits), *home]
    features = []
    if len(way) > 1:
        line, on_road = _line(way, shape)
        summary = {
            "nature": "tournee",
            "jour": f"{tour.jour}",
            "nb_visites": tour.nb_visites,
            "km": round(tour.km, 1),
            "travail_min": round(tour.travail_min),
            "depart": f"{tour.depart:%H:%M}",
            "retour": f"{tour.retour:%H:%M}",
            "trace": "route" if on_road else "directe",
        }
        features.append(_feature("LineString", [_rounded(point) for point in line], shared | summary))
    features += [_feature("Point", _point(place), shared | {"nature": "domicile"}) for place in home]
    features += [_feature("Point", _point(place), shared | _about(visit)) for visit, place in visits]
    return features


def _about(visit: ScheduledVisit) -> dict[str, object]:
    return {
        "nature": "visite",
        "intervention_id": visit.intervention_id,
        "ordre": visit.ordre,
        "heure_debut": f"{visit.debut:%H:%M}",
        "heure_fin": f"{visit.fin:%H:%M}",
        "type": visit.type_intervention,
        "urgence": "Urgente" if visit.urgente else "Normale",
        "rdv": visit.rdv,
        "hors_zone": visit.hors_zone,
        "client": visit.client,
        "commune": visit.commune,
        "position_estimee": visit.position_estimee,
    }


def _line(way: Sequence[Place], shape: Shape | None) -> tuple[Line, bool]:
    straight = [(place.longitude, place.latitude) for place in way]
    if shape is None:
        return straight, False
    try:
        return shape(way), True
    except (SourceUnavailable, InvalidInput) as missing:
        _log.warning("a tour is drawn in straight lines: %s", missing.message)
        return straight, False


def _placed(visit: ScheduledVisit) -> bool:
    return visit.latitude is not None and visit.longitude is not None


def _feature(kind: str, coordinates: object, properties: dict[str, object]) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(place: Place) -> list[float]:
    return _rounded((place.longitude, place.latitude))


def _rounded(point: tuple[float, float]) -> list[float]:
    return [round(point[0], DECIMALS), round(point[1], DECIMALS)]
