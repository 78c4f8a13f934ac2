"""Great Expectations as Dagster checks, on what arrives and on what is served."""

CHECKS = []
