"""Great Expectations as Dagster checks: volume, freshness, distribution, schema of arrivals and served marts."""

CHECKS = []
