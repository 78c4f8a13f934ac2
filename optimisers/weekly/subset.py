"""A compiled problem with some of its visits only: for what concerns few of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from optimisers.weekly.compile import PSEUDO, Compiled


def subset(compiled: Compiled, numbers: Iterable[int]) -> tuple[Compiled, np.ndarray]:
    """The same shifts and facts with these visits (positions) only; and the engine visits kept, in order.

    Engine visit i of the result is engine visit kept[i] of `compiled`.
    """
    wanted = np.array(sorted({*numbers, PSEUDO}), dtype=np.int64)
    kept = np.flatnonzero(np.isin(compiled.visit_of, wanted))
    elements: dict[int, tuple[int, ...]] = {}
    for element, number in enumerate(compiled.visit_of[kept].tolist()):
        if number != PSEUDO:
            elements[number] = (*elements.get(number, ()), element)
    whole = compiled.instance
    instance = replace(
        whole,
        visit_at=whole.visit_at[kept],
        service_min=whole.service_min[kept],
        windows=whole.windows[kept],
        skip_cost=whole.skip_cost[kept],
        choice_cost=whole.choice_cost[:, kept],
        needs_tool=whole.needs_tool[kept],
        needs_part=whole.needs_part[kept],
    )
    part = replace(compiled, instance=instance, visit_of=compiled.visit_of[kept], elements=elements)
    return part, kept
