"""SEQUENCE over the life of a plan: grows when an event moves or goes, stands still otherwise."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from core.clock import PARIS
from services.schedule_files.history import Version, revisions

WEEK, NEXT = date(2025, 11, 17), date(2025, 11, 24)
EIGHT = datetime(2025, 11, 17, 8, tzinfo=PARIS)


def _at(hour: int, *, week: date = WEEK) -> tuple[datetime, datetime]:
    start = EIGHT + (week - WEEK) + timedelta(hours=hour)
    return start, start + timedelta(hours=1)


def _version(events: dict[tuple[int, int], int], week: date = WEEK) -> Version:
    return Version(week, {event: _at(hour, week=week) for event, hour in events.items()})


def test_a_moved_visit_grows_and_one_that_stands_does_not():
    first = _version({(501, 1): 0, (502, 1): 2})
    assert revisions([first]).sequences == {(501, 1): 2, (502, 1): 2}
    moved = revisions([first, _version({(501, 1): 0, (502, 1): 4})])
    assert moved.sequences == {(501, 1): 2, (502, 1): 4}
    assert not moved.cancelled


def test_a_visit_given_to_a_colleague_is_cancelled_here_and_new_there():
    found = revisions([_version({(501, 1): 0}), _version({(501, 2): 0})])
    assert found.sequences == {(501, 2): 2}
    assert found.cancelled == {(501, 1): (4, _at(0))}


def test_a_visit_that_comes_back_is_above_its_cancellation():
    history = [_version({(501, 1): 0}), _version({}), _version({(501, 1): 0})]
    assert revisions(history[:2]).cancelled == {(501, 1): (4, _at(0))}
    back = revisions(history)
    assert back.sequences == {(501, 1): 6}
    assert not back.cancelled
    # Two versions later it is still told as cancelled: a calendar may have missed one file.
    gone = [*history[:2], _version({(502, 1): 1}), _version({(502, 1): 1})]
    assert revisions(gone).cancelled == {(501, 1): (4, _at(0))}


def test_a_visit_that_another_week_took_is_moved_not_cancelled():
    taken = [_version({(501, 1): 0}), _version({(501, 1): 3}, NEXT), _version({(502, 1): 1})]
    assert not revisions(taken).cancelled
    assert revisions(taken[:2]).sequences == {(501, 1): 4}


def test_a_proposal_stands_between_two_publications_and_cancels_nothing():
    first = _version({(501, 1): 0, (502, 1): 2})
    proposed = _version({(502, 1): 2, (503, 1): 5})
    before = revisions([first], proposed)
    after = revisions([first, proposed])
    assert before.sequences == {(502, 1): 2, (503, 1): 1}
    assert before.unchanged == {(502, 1)}
    assert not before.cancelled
    assert after.sequences == {(502, 1): 2, (503, 1): 2}
    assert revisions([], proposed).sequences == {(502, 1): 1, (503, 1): 1}


@settings(max_examples=150, deadline=None)
@given(
    some.lists(
        some.dictionaries(some.tuples(some.integers(1, 4), some.integers(1, 2)), some.integers(0, 3)),
        min_size=1,
        max_size=6,
    )
)
def test_what_calendars_were_told_never_goes_back(weeks):
    versions = [_version(events) for events in weeks]
    told: dict[tuple[int, int], tuple[int, object]] = {}
    for number in range(1, len(versions) + 1):
        found = revisions(versions[:number])
        now = {
            event: (sequence, versions[number - 1].events[event])
            for event, sequence in found.sequences.items()
        }
        now |= {event: (sequence, None) for event, (sequence, _) in found.cancelled.items()}
        assert set(told) <= set(now), "an event that calendars hold is neither updated nor cancelled"
        for event, (sequence, state) in now.items():
            former = told.get(event, (-1, object()))
            assert sequence == former[0] if state == former[1] else sequence > former[0]
        told = now
