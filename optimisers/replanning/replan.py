"""Re-planning: plans for what remains of a week, from no change of the published one to as many as pay."""

from __future__ import annotations

from collections.abc import Callable

from optimisers.model import Problem, Stop
from optimisers.replanning.curve import CHANGE_WORTH, Replan, curve_of, recommended
from optimisers.replanning.searches import Searches

# Prices of a change, in multiples of its worth: from few changes to all that help at all.
PRICES = (4.0, 2.0, 1.0, 0.5, 0.0)
# Parts of the budget: the base, each price, the point recommended.
BASE_SHARE, PRICE_SHARE, POLISH_SHARE = 0.15, 0.11, 0.15
MOST_PUT_BACK = 40


def replan(
    problem: Problem,
    stop: Stop,
    seed: int,
    *,
    max_changes: int | None = None,
    worth: float | None = None,
    progress: Callable[[float, float], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Replan:
    """Plans for a problem made by `apply`, from the fewest changes to the most useful ones.

    A change is a published visit, not frozen, that gets another technician or another day or is dropped.
    The base holds every published visit where it is published; what cannot be kept so (its technician is
    away, the day has no room left) is forced, and counted apart. `max_changes` limits the others. `worth`:
    points that a change must bring in for the recommendation (default: `Weights.moved`, else CHANGE_WORTH).

    Way: a search under each of several prices for a change (the supported points of the two criteria), then
    repairs that put changes back one by one for the counts in between, then a last search among the changes
    of the point recommended. Every point is a whole plan that the checker has passed, costed with the
    problem's own weights, its lower bound valid for every lawful plan. The base is the best found, not
    proved to have the fewest forced changes.

    With a limit of iterations the same seed gives the same answer. When it is interrupted (KeyboardInterrupt
    or `should_stop`), the points found so far are returned. Raises ValueError for a `max_changes` below 0.
    """
    if max_changes is not None and max_changes < 0:
        raise ValueError(f"max_changes is {max_changes}, expected 0 or more: give a number of visits")
    price = worth if worth is not None else problem.weights.moved or CHANGE_WORTH
    searches = Searches(problem, stop, seed, progress, should_stop)
    searches.find_base(BASE_SHARE)
    try:
        for multiple in PRICES:
            searches.find_priced(multiple * price, PRICE_SHARE)
        searches.find_fewer(MOST_PUT_BACK, max_changes)
        best = recommended(curve_of(searches.points(), max_changes), price)
        searches.find_better(best, POLISH_SHARE)
    except KeyboardInterrupt:
        searches.interrupted = True
    points = searches.points(final=True)
    curve = curve_of(points, max_changes)
    return Replan(curve, recommended(curve, price), curve[0], searches.forced, searches.interrupted)
