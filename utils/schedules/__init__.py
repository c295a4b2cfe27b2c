"""Schedules of AWX: what people say of when something runs, as the rules that AWX takes."""
