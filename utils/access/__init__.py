"""Roles of AWX: who holds which on what, and by what; given, taken away, and looked over."""
