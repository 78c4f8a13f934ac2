"""Dagster: one lineage from source to dashboard. Assets are thin; the logic lives below."""
