"""Proofs: exact days and lower bounds that hold for every lawful plan."""
