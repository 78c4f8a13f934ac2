"""Great Expectations: volume, freshness, distribution and schema of what arrives and of what is served.

Rules about single rows live in staging alone; here whole tables are looked at.
"""
