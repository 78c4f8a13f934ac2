"""Planners: a validated problem goes in, a plan with its cost and bound comes out. Pure: no database, network or clock."""
