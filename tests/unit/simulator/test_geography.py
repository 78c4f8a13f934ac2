"""Places, distances and driving times."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.geography import ZONES, distance_km, distances_km, draw_place, draw_point, drive_min


def test_seven_zones_named_as_in_the_document():
    assert [zone.name for zone in ZONES] == [
        "Annecy Centre",
        "Annecy-le-Vieux",
        "Seynod",
        "Cran-Gevrier",
        "Annecy Sud (Pringy, Meythet)",
        "Ouest (Sevrier, Talloires)",
        "Hors agglomeration",
    ]
    assert sum(zone.share for zone in ZONES) == pytest.approx(1.0)


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_points_lie_within_the_zone(zone):
    rng = np.random.default_rng(0)
    for _ in range(300):
        latitude, longitude = draw_point(draw_place(zone, rng), rng)
        assert distance_km(zone.latitude, zone.longitude, latitude, longitude) <= zone.radius_km


def test_distance_of_a_degree_of_latitude_and_vector_form():
    assert distance_km(45.0, 6.0, 46.0, 6.0) == pytest.approx(111.195, abs=0.01)
    many = distances_km(45.9, 6.12, np.array([45.9, 46.0]), np.array([6.12, 6.3]))
    assert many == pytest.approx([0.0, distance_km(45.9, 6.12, 46.0, 6.3)])


def test_longer_ways_take_longer_and_are_driven_faster():
    minutes = [drive_min(km) for km in (0.5, 2, 5, 15, 40)]
    assert minutes == sorted(minutes)
    assert 60 * 2 / (drive_min(2) - 3) < 60 * 20 / (drive_min(20) - 3) < 62
