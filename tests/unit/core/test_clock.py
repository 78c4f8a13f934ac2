"""The business clock: demo date or wall clock, Europe/Paris."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.clock import PARIS, BusinessClock, read_clock, set_demo_date


def test_demo_clock_stands_at_the_evening_of_the_as_of_day() -> None:
    clock = BusinessClock(date(2025, 11, 14))
    assert clock.today() == date(2025, 11, 14)
    assert clock.now() == datetime(2025, 11, 14, 20, 0, tzinfo=PARIS)


def test_without_a_demo_date_the_wall_clock_counts() -> None:
    assert abs(BusinessClock().now() - datetime.now(UTC)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2025, 11, 14), date(2025, 11, 17)),
        (date(2025, 11, 16), date(2025, 11, 17)),
        (date(2025, 11, 17), date(2025, 11, 24)),
    ],
)
def test_next_monday_is_strictly_after_today(today: date, monday: date) -> None:
    assert BusinessClock(today).next_monday() == monday


def test_the_demo_date_survives_on_disk(tmp_path) -> None:
    assert read_clock(tmp_path).as_of is None
    set_demo_date(tmp_path, date(2025, 3, 30))
    assert read_clock(tmp_path).today() == date(2025, 3, 30)
    # 30 March 2025 is the spring change: the evening is already summer time.
    assert read_clock(tmp_path).now().utcoffset() == timedelta(hours=2)
