"""Schedules as files that people open: XLSX, CSV, ICS, PDF."""

from services.schedule_files.export import export_plan

__all__ = ["export_plan"]
