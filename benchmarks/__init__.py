"""Measures against external instances and peers."""
