"""Asset key = [schema, table], everywhere."""

import dagster as dg

from core.vocabulary import Schema


def key(schema: Schema, table: str) -> dg.AssetKey:
    """Key of the asset that is the table ``schema.table``."""
    return dg.AssetKey([str(schema), table])
