"""What the columns of an unknown frame hold: numbers (also as text), dates, levels, identifiers, nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from core.errors import InvalidInput

MISSING_LEVEL = "(manquant)"
PARSED_SHARE = 0.95  # a text column is numeric or a date when at least this share of its values reads as one
FEW_LEVELS = 20  # up to here a level gets a column of its own, above it is replaced by its target rate
IDENTIFIER_SHARE = 0.5  # a text column with more distinct values than this share of rows names the row
IDENTIFIER_ROWS = 20  # below this many rows nothing can be called an identifier
IDENTIFIER_NAME = re.compile(r"(^id$|_id$|^id_|[a-z]ID$|^uuid$|^index$|^unnamed: ?0$)")
BLANKS = {"", "na", "n/a", "nan", "null", "none", "?", "-"}


class Role(StrEnum):
    """What a column is used as."""

    NUMBER = "nombre"
    DATE = "date"
    FEW_LEVELS = "modalites"
    MANY_LEVELS = "modalites_nombreuses"
    IDENTIFIER = "identifiant"
    EMPTY = "vide"
    CONSTANT = "constante"


USED_ROLES = (Role.NUMBER, Role.DATE, Role.FEW_LEVELS, Role.MANY_LEVELS)


@dataclass(frozen=True)
class ColumnRole:
    """One column: its role, the share of missing values (0–1) and the number of distinct values."""

    name: str
    role: Role
    missing_share: float
    distinct: int


def clean_text(values: pd.Series) -> pd.Series:
    """Return text stripped of spaces, blanks and their usual spellings as missing (object dtype, None)."""
    kept: list[str | None] = []
    for value in values.astype("object"):
        # NaN is the one value that differs from itself; pd.NA refuses the comparison
        missing = value is None or value is pd.NA or value is pd.NaT or value != value
        text = None if missing else str(value).strip()
        kept.append(None if text is None or text.lower() in BLANKS else text)
    return pd.Series(kept, index=values.index, name=values.name, dtype="object")


def as_number(values: pd.Series) -> pd.Series:
    """Return floats; text may carry spaces, a decimal comma, a currency, a percent sign. Unreadable = NaN."""
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
        number = pd.to_numeric(values, errors="coerce").astype("float64")
    else:
        text = clean_text(values).str.replace(r"[\s\u00a0\u202f€$£%]", "", regex=True)
        french = text.str.match(r"^[+-]?\d+,\d+$", na=False)
        text = text.where(~french, text.str.replace(",", ".", regex=False))
        text = text.str.replace(r"(?<=\d),(?=\d{3}(\D|$))", "", regex=True)
        number = pd.to_numeric(text, errors="coerce").astype("float64")
    return number.where(np.isfinite(number))


def as_days(values: pd.Series) -> pd.Series:
    """Return days since 1970-01-01 (float) of dates or of ISO or dd/mm/yyyy text; unreadable = NaN."""
    if pd.api.types.is_datetime64_any_dtype(values):
        stamps = pd.to_datetime(values, utc=True)
    else:
        text = clean_text(values)
        stamps = pd.to_datetime(text, errors="coerce", utc=True, format="ISO8601")
        french = pd.to_datetime(
            text.astype("str").str.slice(0, 10), errors="coerce", utc=True, format="%d/%m/%Y"
        )
        stamps = stamps.fillna(french)
    days = (stamps - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(days=1)
    return days.astype("float64")


def detect_role(values: pd.Series, name: str) -> ColumnRole:
    """Decide what one raw column is used as."""
    rows = len(values)
    is_native = pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
    known = values.dropna() if is_native else clean_text(values).dropna()
    distinct = int(known.nunique())
    missing = 1.0 - len(known) / rows if rows else 1.0

    def role(found: Role) -> ColumnRole:
        return ColumnRole(name, found, missing, distinct)

    if distinct == 0:
        return role(Role.EMPTY)
    if distinct == 1 and missing == 0.0:
        return role(Role.CONSTANT)
    big = rows >= IDENTIFIER_ROWS
    named_as_identifier = bool(IDENTIFIER_NAME.search(name) or IDENTIFIER_NAME.search(name.lower()))
    if big and named_as_identifier and distinct > IDENTIFIER_SHARE * len(known):
        return role(Role.IDENTIFIER)
    if named_as_identifier:
        # zone_id = 3 is a name, not three times zone 1
        return role(Role.FEW_LEVELS if distinct <= FEW_LEVELS else Role.MANY_LEVELS)
    if is_native or as_number(known).notna().mean() >= PARSED_SHARE:
        return role(Role.NUMBER)
    if pd.api.types.is_datetime64_any_dtype(values) or as_days(known).notna().mean() >= PARSED_SHARE:
        return role(Role.DATE)
    if big and distinct > IDENTIFIER_SHARE * len(known):
        return role(Role.IDENTIFIER)
    return role(Role.FEW_LEVELS if distinct <= FEW_LEVELS else Role.MANY_LEVELS)


class TabularReader(TransformerMixin, BaseEstimator):
    """Read a raw frame into typed columns: float64 (numbers, dates), category (few levels), object (many).

    Roles are learned in `fit` and applied in `transform`, so that a number written as text or an unseen level
    in new rows is read as in training. Columns in `ignore` and those that cannot inform (empty, constant,
    identifier) are left out. Raises InvalidInput when new rows lack a column of the training frame.
    """

    def __init__(self, ignore: tuple[str, ...] = ()) -> None:
        self.ignore = ignore

    def fit(self, X: pd.DataFrame, y: object = None) -> TabularReader:
        self.roles_ = [detect_role(X[c], str(c)) for c in X.columns if c not in self.ignore]
        self.used_ = [r for r in self.roles_ if r.role in USED_ROLES]
        if not self.used_:
            raise InvalidInput(
                f"no usable column among {[str(c) for c in X.columns]}",
                expected="at least one column that varies and is not an identifier",
                remedy="check the file, its separator and the list `ignore`",
            )
        self.levels_ = {
            r.name: sorted(clean_text(X[r.name]).fillna(MISSING_LEVEL).unique())
            for r in self.used_
            if r.role is Role.FEW_LEVELS
        }
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        check_is_fitted(self, "used_")
        absent = [r.name for r in self.used_ if r.name not in X.columns]
        if absent:
            raise InvalidInput(
                f"missing columns: {absent}; found: {[str(c) for c in X.columns]}",
                expected=f"the columns of the training frame: {[r.name for r in self.used_]}",
                remedy="build these rows with the same feature query as the training rows",
            )
        columns = {}
        for r in self.used_:
            if r.role is Role.NUMBER:
                columns[r.name] = as_number(X[r.name])
            elif r.role is Role.DATE:
                columns[r.name] = as_days(X[r.name])
            else:
                text = clean_text(X[r.name]).fillna(MISSING_LEVEL)
                if r.role is Role.FEW_LEVELS:
                    columns[r.name] = pd.Categorical(text, categories=self.levels_[r.name])
                else:
                    columns[r.name] = text.astype("object")
        return pd.DataFrame(columns, index=X.index)

    def get_feature_names_out(self, input_features: object = None) -> np.ndarray:
        check_is_fitted(self, "used_")
        return np.array([r.name for r in self.used_], dtype=object)


def number_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the float columns of a read frame."""
    return [c for c in frame.columns if pd.api.types.is_float_dtype(frame[c])]


def few_level_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the columns with few levels of a read frame."""
    return [c for c in frame.columns if isinstance(frame[c].dtype, pd.CategoricalDtype)]


def many_level_columns(frame: pd.DataFrame) -> list[str]:
    """Names of the columns with many levels of a read frame."""
    taken = {*number_columns(frame), *few_level_columns(frame)}
    return [c for c in frame.columns if c not in taken]
