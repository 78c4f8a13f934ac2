"""Dashboards as code: push (git → Superset), pull (Superset → git), check (without a server)."""
