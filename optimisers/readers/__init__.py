"""Readers of other people's instance formats: text in, arrays out, every fault named."""
