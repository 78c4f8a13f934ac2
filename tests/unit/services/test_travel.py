"""Travel times over real HTTP: a local server speaks OSRM's JSON, fails, waits, and knows no road."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.errors import InvalidInput, SourceUnavailable
from core.settings import Settings
from optimisers.model import Place
from optimisers.travel import DetourTravel
from services.travel import road_service, travel_provider
from services.travel.cache import CachedLegs
from services.travel.osrm import ATTEMPTS, Osrm
from services.travel.road import RoadTravel
from tests.unit.services.road_server import RoadServer, road_server

EAST = [Place(45.9, 6.1), Place(45.9, 6.2), Place(45.9, 6.4)]


@pytest.fixture
def server() -> Iterator[RoadServer]:
    with road_server() as running:
        yield running


def osrm(server: RoadServer, **options) -> Osrm:
    return Osrm(server.address, **{"pause_s": 0.001, "timeout_s": 5.0, **options})


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.moment = datetime(2025, 11, 17, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment


def test_matrix_is_asymmetric_rounded_up_with_parking(server):
    matrix = RoadTravel(osrm(server), parking_min=3).matrix(EAST)
    assert matrix.metres.tolist() == [[0, 10_000, 30_000], [15_000, 0, 20_000], [45_000, 30_000, 0]]
    # 10 km at 10 m/s are 16 min 40 s; with 3 min of parking, 20.
    assert matrix.minutes.tolist() == [[0, 20, 53], [28, 0, 37], [78, 53, 0]]
    assert matrix.metres.dtype == matrix.minutes.dtype == np.int64


def test_two_visits_at_one_address_ask_once_and_park_once(server):
    matrix = RoadTravel(osrm(server)).matrix([EAST[0], EAST[0], EAST[1]])
    assert matrix.metres[0].tolist() == [0, 0, 10_000]
    assert matrix.minutes[0, 1] == matrix.minutes[1, 0] == 0
    assert server.asked[0].count("6.10000,45.90000") == 1


def test_large_tables_come_in_blocks_and_fit_together(server):
    server.max_table = 4
    places = [Place(45.9, 6 + n / 100) for n in range(11)]
    legs = osrm(server, max_table=4).legs(places, places)
    assert len(server.asked) == 9
    east = np.arange(11) * 1000.0
    ahead = east[None, :] - east[:, None]
    assert legs.metres == pytest.approx(np.where(ahead < 0, -1.5 * ahead, ahead))
    with pytest.raises(InvalidInput, match="FIELDHOUSE_OSRM_MAX_TABLE"):
        osrm(server, max_table=5).legs(places, places)


def test_a_server_that_fails_twice_is_asked_a_third_time(server):
    server.fail_next = [503, 429]
    assert osrm(server).legs(EAST[:1], EAST[1:2]).metres[0, 0] == pytest.approx(10_000)
    assert len(server.asked) == ATTEMPTS == 3


@pytest.mark.parametrize("trouble", ["down", "slow", "errors"])
def test_a_server_that_does_not_answer_is_named_with_a_remedy(server, trouble):
    source = osrm(server, timeout_s=0.05)
    if trouble == "slow":
        server.wait_s = 0.3
    elif trouble == "errors":
        server.fail_next = [500] * ATTEMPTS
    else:
        source = Osrm("http://127.0.0.1:9", pause_s=0.001)
    with pytest.raises(SourceUnavailable, match="did not answer after 3 attempts") as told:
        source.legs(EAST, EAST)
    assert source.address in str(told.value)
    assert "FIELDHOUSE_OSRM_URL" in str(told.value)


@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"code": "NoSegment"}', b'{"code": "Ok"}', b'{"code": "Ok", "distances": [[1]]}', b"[]"],
)
def test_odd_answers_are_refused_at_once(server, body):
    server.body = body
    with pytest.raises(InvalidInput, match=r"(?s)travel times: .*Expected: .*Remedy: "):
        osrm(server).legs(EAST, EAST)
    assert len(server.asked) == 1


def test_pairs_without_a_road_are_estimated_and_counted_or_refused(server, caplog):
    server.no_road_to = {6.4}
    with caplog.at_level(logging.WARNING):
        matrix = RoadTravel(osrm(server)).matrix(EAST)
    guess = DetourTravel().matrix(EAST)
    assert matrix.metres[0, 2] == guess.metres[0, 2]
    assert matrix.minutes[1, 2] == guess.minutes[1, 2]
    assert matrix.metres[2, 0] == 45_000
    assert "2 pairs of places without a road" in caplog.text
    with pytest.raises(InvalidInput, match=r"No road joins 2 pairs .*\(45.90000, 6.10000\)"):
        RoadTravel(osrm(server), estimate=None).matrix(EAST)


def test_known_legs_ask_nothing_and_a_new_place_asks_for_its_own_only(server, tmp_path):
    cached = CachedLegs(osrm(server), tmp_path / "trajets.sqlite")
    first = cached.legs(EAST, EAST)
    assert len(server.asked) == 1
    again = CachedLegs(osrm(server), tmp_path / "trajets.sqlite").legs(EAST[::-1], EAST)
    assert len(server.asked) == 1
    assert again.metres.tolist() == first.metres[::-1].tolist()
    wider = [*EAST, Place(45.9, 6.5)]
    assert cached.legs(wider, wider).metres[3].tolist() == pytest.approx([60_000, 45_000, 15_000, 0])
    assert [query.split("sources=")[1].split("&")[0].count("%3B") + 1 for query in server.asked[1:]] == [1, 3]
    # Half a metre away is the same place; another profile is another network.
    assert cached.legs([Place(45.900004, 6.1)], EAST).metres.tolist() == first.metres[:1].tolist()
    assert len(server.asked) == 3
    CachedLegs(osrm(server, profile="truck"), tmp_path / "trajets.sqlite").legs(EAST, EAST)
    assert len(server.asked) == 4


def test_pairs_without_a_road_are_remembered_too(server, tmp_path):
    server.no_road_to = {6.4}
    cached = CachedLegs(osrm(server), tmp_path / "trajets.sqlite")
    assert np.isnan(cached.legs(EAST, EAST).metres[:2, 2]).all()
    assert np.isnan(cached.legs(EAST, EAST).metres[:2, 2]).all()
    assert len(server.asked) == 1


def test_old_legs_are_asked_for_anew_and_serve_when_nobody_answers(server, tmp_path, caplog):
    clock = Clock()
    cached = CachedLegs(osrm(server), tmp_path / "trajets.sqlite", timedelta(days=30), clock)
    first = cached.legs(EAST, EAST)
    clock.moment += timedelta(days=31)
    cached.legs(EAST, EAST)
    assert len(server.asked) == 2
    clock.moment += timedelta(days=31)
    server.fail_next = [500] * 100
    with caplog.at_level(logging.WARNING):
        assert cached.legs(EAST, EAST).metres.tolist() == first.metres.tolist()
    assert "9 legs older than allowed" in caplog.text
    with pytest.raises(SourceUnavailable):
        cached.legs(EAST, [Place(45.9, 6.9)])


def test_settings_choose_estimates_or_the_server_behind_the_cache(server, tmp_path):
    alone = travel_provider(Settings(home=tmp_path, parking_min=0))
    assert alone == DetourTravel(parking_min=0)
    assert road_service(Settings(home=tmp_path)) is None
    settings = Settings(home=tmp_path, osrm_url=server.address, osrm_profile="car", parking_min=0)
    assert travel_provider(settings).matrix(EAST).minutes[0, 1] == 17
    assert "/table/v1/car/" in server.asked[0]
    travel_provider(settings).matrix(EAST)
    assert len(server.asked) == 1


def test_the_line_of_a_route_is_longitude_first(server):
    line = osrm(server).shape(EAST[:2])
    assert line[0] == pytest.approx((6.1, 45.9))
    assert len(line) == 4
