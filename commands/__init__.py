"""Opt-in verbs: one module per command that must be asked for."""
