"""Balanced k-means: zones of equal work that are as compact as balance allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInput
from optimisers.model import Place
from optimisers.zoning.balance import balanced_labels
from optimisers.zoning.company import Client, projected_km, unprojected

TOLERANCE = 0.10
STARTS = 4
ROUNDS = 30


@dataclass(frozen=True, eq=False)
class Zoning:
    """A zone for each client: `labels` holds zone ids in the clients' order, `centres` the zones' centres.

    A centre is the mean position of the zone's work; centres are in the order of `zones`.
    """

    labels: np.ndarray
    zones: tuple[int, ...]
    centres: tuple[Place, ...]


def balanced_zones(
    clients: Sequence[Client],
    zones: int,
    *,
    tolerance: float = TOLERANCE,
    seed: int = 1,
    starts: int = STARTS,
    rounds: int = ROUNDS,
    score: Callable[[Zoning], float] | None = None,
) -> Zoning:
    """`zones` zones numbered from 1, each with its share of the work ± `tolerance` (up to one client).

    k-means++ and Lloyd's rounds (scikit-learn) give the first centres; then balanced assignment and new
    centres alternate until nothing changes, each round lowering the hours-weighted sum of squared
    kilometres (Bradley, Bennett & Demiriz 2000). Of `starts` seeded starts the one of least such sum is
    kept, or of least `score`, e.g. the kilometres of some weeks (not those it is then measured on).

    Raises InvalidInput for fewer clients at work than zones, or a tolerance outside 0–1.
    """
    hours = np.array([client.hours_a_year for client in clients], dtype=float)
    _check(hours, zones, tolerance)
    origin = _middle(clients)
    points = projected_km([client.place for client in clients], origin)
    found: list[tuple[float, Zoning]] = []
    for start in range(starts):
        labels = _one_start(points, hours, zones, tolerance, seed + start, rounds)
        zoning = zoning_of(clients, (labels + 1).tolist())
        if score is None:
            centres = _centres(points, hours, labels, range(zones))
            found.append((_spread(points, hours, labels, centres), zoning))
        else:
            found.append((score(zoning), zoning))
    return min(found, key=lambda pair: pair[0])[1]


def zoning_of(clients: Sequence[Client], labels: Sequence[int]) -> Zoning:
    """The zoning that `labels` make, e.g. the declared one."""
    hours = np.array([client.hours_a_year for client in clients], dtype=float)
    origin = _middle(clients)
    points = projected_km([client.place for client in clients], origin)
    given = np.array(labels, dtype=int)
    zones = tuple(sorted(set(given.tolist())))
    return Zoning(given, zones, tuple(unprojected(_centres(points, hours, given, zones), origin)))


def matched_to(zoning: Zoning, declared: Zoning, hours: np.ndarray) -> Zoning:
    """The same zones under the ids of the declared ones they share most work with; new ids after those.

    Assignment of the greatest total of shared hours (Hungarian method), so that few clients seem to move.
    """
    from scipy.optimize import linear_sum_assignment

    shared = np.array(
        [
            [hours[(zoning.labels == mine) & (declared.labels == theirs)].sum() for theirs in declared.zones]
            for mine in zoning.zones
        ]
    )
    rows, columns = linear_sum_assignment(-shared)
    named = {zoning.zones[row]: declared.zones[column] for row, column in zip(rows, columns, strict=True)}
    unused = iter(range(max(declared.zones) + 1, max(declared.zones) + 1 + len(zoning.zones)))
    names = [named[zone] if zone in named else next(unused) for zone in zoning.zones]
    order = np.argsort(names)
    by_zone = dict(zip(zoning.zones, names, strict=True))
    return Zoning(
        np.array([by_zone[zone] for zone in zoning.labels.tolist()]),
        tuple(names[n] for n in order),
        tuple(zoning.centres[n] for n in order),
    )


def _check(hours: np.ndarray, zones: int, tolerance: float) -> None:
    at_work = int((hours > 0).sum())
    if zones < 1 or zones > at_work:
        raise InvalidInput(
            f"{zones} zones for {at_work} clients with work.",
            expected="at least one zone and one client with work for each",
            remedy="ask for fewer zones, or load more interventions first",
        )
    if not 0 < tolerance <= 1:
        raise InvalidInput(
            f"A tolerance of {tolerance} on the balance of zones.",
            expected="a share above 0 and up to 1",
            remedy="0.1 lets zones differ by 10 % from the mean",
        )
    if (hours < 0).any():
        raise InvalidInput(
            f"{hours.min()} hours a year for a client.",
            expected="0 or more",
            remedy="correct the durations of its interventions",
        )


def _one_start(
    points: np.ndarray, hours: np.ndarray, zones: int, tolerance: float, seed: int, rounds: int
) -> np.ndarray:
    from sklearn.cluster import KMeans

    first = KMeans(zones, n_init=1, random_state=seed).fit(points, sample_weight=hours)
    centres, labels = first.cluster_centers_, first.labels_
    for _ in range(rounds):
        former, labels = labels, balanced_labels(points, hours, centres, tolerance)
        if (labels == former).all():
            break
        centres = _centres(points, hours, labels, range(zones))
    return labels


def _centres(points: np.ndarray, hours: np.ndarray, labels: np.ndarray, zones: Sequence[int]) -> np.ndarray:
    """Mean position of each zone's work; of its clients where nobody has any."""
    found = np.empty((len(zones), 2))
    for row, zone in enumerate(zones):
        mine = labels == zone
        weights = hours[mine] if hours[mine].sum() > 0 else None
        found[row] = np.average(points[mine], axis=0, weights=weights)
    return found


def _spread(points: np.ndarray, hours: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> float:
    return float((hours * ((points - centres[labels]) ** 2).sum(axis=1)).sum())


def _middle(clients: Sequence[Client]) -> Place:
    latitude = np.mean([client.place.latitude for client in clients])
    longitude = np.mean([client.place.longitude for client in clients])
    return Place(float(latitude), float(longitude))
