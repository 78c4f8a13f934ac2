"""No fold lets a label look into the block it is tested on."""

import numpy as np
import pytest

from core.errors import InvalidInput
from ml.folds import forward_validation, repeated_validation


def test_labels_of_training_rows_are_known_before_the_block():
    times = np.repeat(np.arange(20.0), 50)
    y = (np.random.default_rng(0).random(1000) < 0.2).astype(int)
    validation = forward_validation(y, times, times + 3, 5)
    assert 1 < len(validation.repeats[0]) <= 5
    for fold in validation.repeats[0]:
        start = times[fold.test].min()
        assert (times[fold.train] + 3 <= start).all()
    tested = np.concatenate([f.test for f in validation.repeats[0]])
    assert len(np.unique(tested)) == len(tested)


def test_too_short_a_history_says_so():
    with pytest.raises(InvalidInput, match="longer history"):
        forward_validation(np.array([0, 1] * 10), np.arange(20.0), np.arange(20.0) + 3, 5)


def test_a_group_stays_on_one_side():
    groups = np.repeat(np.arange(40), 5)
    y = (groups % 3 == 0).astype(int)
    for folds in repeated_validation(y, groups, 4, 2, 0).repeats:
        for fold in folds:
            assert not set(groups[fold.train]) & set(groups[fold.test])


def test_one_class_only_is_refused():
    with pytest.raises(InvalidInput, match="0 positives"):
        repeated_validation(np.zeros(50, dtype=int), None, 5, 1, 0)
