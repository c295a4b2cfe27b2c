"""What an entry of a file of schedules can have: its keys, and the settings that they stand for."""

from __future__ import annotations

# Key of an entry, and the setting that reads it; docs/schedules.md has them, too.
SETTINGS = {
    "name": "schedule_name", "template": "template", "project": "of_project",
    "description": "schedule_description", "every": "every", "cron": "cron", "at": "at",
    "rrule": "rrule", "start": "start", "until": "end", "count": "count", "tz": "tz",
    "except": "exceptions", "inventory": "inventory", "credentials": "credential",
    "limit": "limit", "tags": "tags", "skip_tags": "skip_tags", "job_type": "job_type",
    "verbosity": "verbosity", "diff": "diff", "forks": "forks", "labels": "labels",
    "execution_environment": "execution_environment", "instance_groups": "instance_group",
}  # fmt: skip
ENABLED, VARIABLES = "enabled", "extra_vars"
KEYS = (*SETTINGS, ENABLED, VARIABLES)
# The answers that a schedule of AWX has, by the keys that they are exported as.
ANSWERS = {
    "limit": "limit", "job_tags": "tags", "skip_tags": "skip_tags", "job_type": "job_type",
    "verbosity": "verbosity", "diff_mode": "diff", "forks": "forks",
}  # fmt: skip
TOP = "schedules"
