"""Zones: balanced, in one piece, never worse than what small companies allow, and priced in pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from core.errors import InvalidInput
from optimisers.model import Place, TravelMatrix
from optimisers.travel import haversine_between_km, haversine_km
from optimisers.zoning import (
    Client,
    Demand,
    Home,
    assign_technicians,
    balanced_zones,
    compare,
    matched_to,
    measure,
    weekly_cost,
    yearly,
    zoning_of,
)
from optimisers.zoning.balance import balanced_labels
from optimisers.zoning.company import projected_km, unprojected
from optimisers.zoning.savings import savings_tours, tour_metres

ANNECY = Place(45.9, 6.12)
CORNERS = [Place(45.95, 6.05), Place(45.95, 6.2), Place(45.85, 6.05), Place(45.85, 6.2)]


def _clients(count: int, seed: int = 1, *, towns: int = 4) -> list[Client]:
    """Clients around four towns, one of which holds half of them."""
    chance = np.random.default_rng(seed)
    shares = np.r_[0.5, np.full(towns - 1, 0.5 / (towns - 1))] if towns > 1 else [1.0]
    found = []
    for number, town in enumerate(chance.choice(towns, size=count, p=shares).tolist()):
        place = CORNERS[town]
        north, east = chance.normal(0, 0.01, size=2).tolist()
        spot = Place(place.latitude + north, place.longitude + east)
        found.append(Client(number, spot, float(chance.uniform(0.5, 6)), town + 1))
    return found


def _declared(clients: list[Client]) -> list[int]:
    return [client.declared_zone or 0 for client in clients]


def _hours(clients: list[Client]) -> np.ndarray:
    return np.array([client.hours_a_year for client in clients])


@pytest.mark.parametrize("zones", [2, 4, 7])
def test_zones_share_the_work_evenly_up_to_one_client(zones):
    clients = _clients(240)
    found = measure(clients, balanced_zones(clients, zones, tolerance=0.05))
    largest = max(client.hours_a_year for client in clients)
    mean = _hours(clients).sum() / zones
    assert found.imbalance_pct <= 5 + 100 * largest / mean
    assert sum(found.clients) == 240
    assert sum(found.hours) == pytest.approx(_hours(clients).sum())
    assert measure(clients, zoning_of(clients, _declared(clients))).imbalance_pct > 60


def test_zones_are_separated_by_straight_lines():
    clients = _clients(160, seed=3)
    zoning = balanced_zones(clients, 4)
    points = projected_km([client.place for client in clients], ANNECY)
    from scipy.optimize import linprog

    for one, other in itertools.combinations(zoning.zones, 2):
        # Some (a, b) has side × (a·x − b) ≥ 1 for every client x of the two zones.
        side = np.where(zoning.labels == one, 1.0, -1.0)[np.isin(zoning.labels, (one, other))]
        mine = points[np.isin(zoning.labels, (one, other))]
        rows = np.column_stack([-side[:, None] * mine, side])
        assert linprog([0, 0, 0], A_ub=rows, b_ub=-np.ones(len(side)), bounds=(None, None)).status == 0


def test_same_seed_same_zones_and_clients_without_work_follow_their_neighbours():
    clients = _clients(120)
    idle = [Client(1000, CORNERS[1], 0.0), Client(1001, CORNERS[2], 0.0)]
    first, again = balanced_zones([*clients, *idle], 4, seed=5), balanced_zones([*clients, *idle], 4, seed=5)
    assert first.labels.tolist() == again.labels.tolist()
    assert measure([*clients, *idle], first).hours == pytest.approx(
        measure(clients, zoning_of(clients, first.labels[:-2].tolist())).hours
    )
    for place, label in zip((CORNERS[1], CORNERS[2]), first.labels[-2:].tolist(), strict=True):
        near = haversine_between_km([place], [client.place for client in clients])[0].argmin()
        assert label == first.labels[near]


def test_balanced_assignment_is_the_best_there_is():
    chance = np.random.default_rng(4)
    points, hours = chance.normal(size=(9, 2)), np.ones(9)
    centres = np.array([[0.0, 0.0], [0.2, 0.1], [2.0, 2.0]])
    squared = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    best = min(
        sum(squared[n, z] for n, z in enumerate(labels))
        for labels in itertools.product(range(3), repeat=9)
        if all(labels.count(zone) == 3 for zone in range(3))
    )
    found = balanced_labels(points, hours, centres, tolerance=1e-9)
    assert np.bincount(found).tolist() == [3, 3, 3]
    assert squared[np.arange(9), found].sum() == pytest.approx(best)


def test_proposed_zones_take_the_ids_of_the_declared_ones_they_resemble():
    clients = _clients(80)
    declared = zoning_of(clients, [10 * (client.declared_zone or 0) for client in clients])
    shuffled = zoning_of(clients, [{1: 3, 2: 1, 3: 4, 4: 2}[label] for label in _declared(clients)])
    matched = matched_to(shuffled, declared, _hours(clients))
    assert matched.labels.tolist() == declared.labels.tolist()
    assert matched.zones == (10, 20, 30, 40)
    assert matched.centres == declared.centres
    finer = matched_to(balanced_zones(clients, 6), declared, _hours(clients))
    assert finer.zones == (10, 20, 30, 40, 41, 42)
    assert set(finer.labels.tolist()) == set(finer.zones)
    assert measure(clients, finer).spread_km == pytest.approx(
        measure(clients, balanced_zones(clients, 6)).spread_km
    )


def test_measures_of_a_zoning_made_by_hand():
    clients = [Client(n, Place(45.9, 6.1 + n / 100), hours) for n, hours in enumerate((2.0, 2.0, 4.0, 8.0))]
    found = measure(clients, zoning_of(clients, [1, 1, 1, 2]))
    assert found.hours == (8.0, 8.0)
    assert found.clients == (3, 1)
    assert found.imbalance_pct == 0
    step = haversine_km([clients[0].place, clients[1].place])[0, 1]
    assert found.spread_km == pytest.approx(step * (2 * 1.25 + 2 * 0.25 + 4 * 0.75) / 16, rel=1e-3)
    assert found.nearer_elsewhere_pct == 0
    # The first client's zone has its centre far away, where the work is; the other zone's is nearer.
    assert measure(clients, zoning_of(clients, [1, 2, 2, 1])).nearer_elsewhere_pct == 25


def test_every_technician_gets_the_zone_at_his_door_within_his_load():
    clients = [Client(n, place, 10.0) for n, place in enumerate(CORNERS * 5)]
    zoning = zoning_of(clients, [n % 4 + 1 for n in range(20)])
    homes = [Home(n, place) for n, place in enumerate(reversed(CORNERS))]
    assert assign_technicians(clients, zoning, homes).tolist() == [3, 2, 1, 0] * 5
    # Two technicians at one door share four zones, two each; the nearer one cannot take them all.
    pair = [Home(1, CORNERS[0]), Home(2, Place(45.2, 5.2))]
    assert np.bincount(assign_technicians(clients, zoning, pair)).tolist() == [10, 10]
    # One zone, three technicians: equal parts within the allowance.
    whole = zoning_of(clients, [1] * 20)
    parts = np.bincount(assign_technicians(clients, whole, homes[:3]))
    assert len(parts) == 3
    assert parts.max() * 10 <= 1.25 * 200 / 3 + 10
    with pytest.raises(InvalidInput, match="No technician"):
        assign_technicians(clients, whole, [])


def test_savings_tours_serve_everybody_within_the_day():
    chance = np.random.default_rng(2)
    places = [ANNECY, *(Place(45.9 + y, 6.12 + x) for x, y in chance.normal(0, 0.05, size=(14, 2)).tolist())]
    metres = 1000 * haversine_km(places)
    minutes = metres / 500
    on_site = np.full(15, 60.0)
    tours = savings_tours(metres, minutes, on_site, 480)
    assert sorted(n for tour in tours for n in tour) == list(range(1, 15))
    for tour in tours:
        way = [0, *tour, 0]
        assert minutes[way[:-1], way[1:]].sum() + 60 * len(tour) <= 480
    alone = sum(tour_metres([n], metres) for n in range(1, 15))
    assert sum(tour_metres(tour, metres) for tour in tours) < 0.75 * alone
    # Seven on one day: within 5 % of the best order.
    seven = np.ix_(range(8), range(8))
    (tour,) = savings_tours(metres[seven], minutes[seven], np.zeros(8), 10_000)
    best = min(tour_metres(list(order), metres) for order in itertools.permutations(range(1, 8)))
    assert tour_metres(tour, metres) <= 1.05 * best
    assert savings_tours(metres[:2, :2], minutes[:2, :2], np.array([0.0, 600.0]), 480) == [[1]]


def test_the_cost_of_a_week_made_by_hand_and_of_one_way_roads():
    clients = [Client(n, Place(45.9, 6.1 + n / 10), 1.0) for n in range(3)]
    homes = [Home(1, Place(45.9, 6.1)), Home(2, Place(45.9, 6.3))]

    class OneWay:
        def matrix(self, places):
            east = np.array([place.longitude for place in places])
            ahead = np.rint(100_000 * (east[None, :] - east[:, None])).astype(int)
            metres = np.where(ahead < 0, -2 * ahead, ahead)
            return TravelMatrix(metres, metres // 1000)

    week = Demand((0, 1, 2), (60, 60, 60))
    cost = weekly_cost(clients, np.array([0, 0, 1]), homes, [week, Demand((), ())], travel=OneWay())
    # The first technician drives 10 km and back by 20; the second has his client at his door.
    assert cost.km.tolist() == [30, 0]
    assert cost.tours.tolist() == [2, 0]
    assert yearly(cost.km).km_a_year == pytest.approx(15 * 365.25 / 7)


def test_differences_are_paired_by_week():
    clients = _clients(200)
    homes = [Home(n, place) for n, place in enumerate(CORNERS)]
    chance = np.random.default_rng(9)
    weeks = []
    for _ in range(12):
        drawn = chance.choice(200, size=40, replace=False)
        weeks.append(Demand(tuple(drawn.tolist()), tuple(chance.uniform(20, 90, size=40).tolist())))
    near = zoning_of(clients, _declared(clients))
    mixed = zoning_of(clients, [n % 4 + 1 for n in range(200)])
    base = weekly_cost(clients, assign_technicians(clients, mixed, homes), homes, weeks)
    better = weekly_cost(clients, assign_technicians(clients, near, homes), homes, weeks)
    found = compare(better, base)
    assert found.km_a_year == pytest.approx(yearly(better.km).km_a_year - yearly(base.km).km_a_year)
    assert found.low <= found.km_a_year <= found.high < 0
    assert compare(base, base).low == compare(base, base).high == 0
    assert compare(better, base) == found


def test_a_score_chooses_among_starts():
    clients = _clients(60)
    seen = []

    def score(zoning):
        seen.append(zoning)
        return -len(seen)

    assert balanced_zones(clients, 5, starts=3, score=score) is seen[-1]
    assert len(seen) == 3


def test_projection_comes_back_and_keeps_kilometres():
    points = projected_km(CORNERS, ANNECY)
    back = unprojected(points, ANNECY)
    assert [(p.latitude, p.longitude) for p in back] == [
        (pytest.approx(p.latitude), pytest.approx(p.longitude)) for p in CORNERS
    ]
    flat = np.linalg.norm(points[:, None] - points[None], axis=2)
    assert flat == pytest.approx(haversine_km(CORNERS), rel=0.002)


@pytest.mark.parametrize(
    ("zones", "tolerance", "hours", "told"),
    [(0, 0.1, 1, "0 zones"), (9, 0.1, 1, "9 zones for 8"), (2, 0, 1, "tolerance of 0"), (2, 0.1, -1, "-1")],
)
def test_impossible_wishes_are_refused_with_a_remedy(zones, tolerance, hours, told):
    clients = [Client(n, place, 1.0) for n, place in enumerate(CORNERS * 2)]
    clients.append(Client(99, ANNECY, hours if hours < 0 else 0.0))
    with pytest.raises(InvalidInput, match=rf"(?s){told}.*Remedy"):
        balanced_zones(clients, zones, tolerance=tolerance)
