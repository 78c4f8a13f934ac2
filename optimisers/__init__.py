"""Planners: a validated problem in, a plan with cost and bound out. Pure: no database, network or clock."""
