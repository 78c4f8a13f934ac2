"""Reading frames that nobody announced."""

import numpy as np
import pandas as pd
import pytest

from core.errors import InvalidInput
from ml.columns import Role, TabularReader, as_days, as_number, detect_role


def column(values):
    return pd.Series(values, name="c")


def test_numbers_written_as_text_are_numbers():
    values = as_number(column([" 29.85", "1 234,5", "12 €", "", None, "1,234.5", "abc"]))
    assert values.tolist()[:3] == [29.85, 1234.5, 12.0]
    assert values[[3, 4, 6]].isna().all()
    assert values[5] == 1234.5


def test_dates_in_both_spellings():
    assert as_days(column(["1970-01-03", "02/01/1970", "?"])).tolist()[:2] == [2.0, 1.0]


@pytest.mark.parametrize(
    ("values", "role"),
    [
        ([str(i / 7) for i in range(60)], Role.NUMBER),
        (["Yes", "No"] * 30, Role.FEW_LEVELS),
        ([True, False] * 30, Role.NUMBER),
        ([None] * 60, Role.EMPTY),
        (["", " "] * 30, Role.EMPTY),
        (["x"] * 60, Role.CONSTANT),
        ([f"KX-{i}" for i in range(60)], Role.IDENTIFIER),
        ([f"ville {i % 25}" for i in range(60)], Role.MANY_LEVELS),
        ([f"2024-01-{1 + i % 28:02d}" for i in range(60)], Role.DATE),
    ],
)
def test_roles(values, role):
    assert detect_role(column(values), "c").role is role


def test_a_numeric_identifier_is_known_by_its_name():
    assert detect_role(column(range(60)), "client_id").role is Role.IDENTIFIER
    assert detect_role(column(range(60)), "mois").role is Role.NUMBER
    assert detect_role(column([1, 2, 3] * 20), "zone_id").role is Role.FEW_LEVELS


def test_new_rows_are_read_as_training_rows():
    train = pd.DataFrame({"n": ["1", "2", " ", "4"] * 10, "k": ["a", "b"] * 20, "autre": range(40)})
    reader = TabularReader(ignore=("autre",)).fit(train)
    read = reader.transform(pd.DataFrame({"n": ["x", "3"], "k": ["jamais vu", None], "de trop": [0, 0]}))
    assert list(read.columns) == ["n", "k"]
    assert np.isnan(read["n"][0])
    assert read["k"].isna().all()


def test_a_missing_column_is_named():
    reader = TabularReader().fit(pd.DataFrame({"a": [1, 2, 3], "b": [3, 1, 2]}))
    with pytest.raises(InvalidInput, match=r"missing columns: \['b'\]"):
        reader.transform(pd.DataFrame({"a": [1]}))
