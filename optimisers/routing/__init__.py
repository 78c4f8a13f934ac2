"""The routing engine: arrays in, orders out. It knows shifts and visits, not people; `weekly` translates."""
