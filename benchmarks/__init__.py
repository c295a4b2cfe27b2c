"""Measurements against peers, run by `make benchmark` and `make benchmark-follow`."""
