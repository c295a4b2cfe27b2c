"""Every command, with what it takes: the command line, its help and README are made from it."""

from __future__ import annotations

from utils.command_line import RESULT, Command
from utils.settings.notifying import DESTINATIONS
from utils.settings.showing import LIST_OUTPUTS

PASSED = (
    "template", "inventory", "credential", "extra_vars", "limit", "tags", "skip_tags",
    "job_type", "verbosity", "diff", "forks", "labels", "execution_environment", "instance_group",
)  # fmt: skip
PLAN = (*PASSED, "project")
RETRY = ("retries", "retry_delay", "retry_backoff", "retry_on", "retry_hosts", "retry_if")
NOTIFYING = ("notify_on", "notify_template")
ENDING = (*RETRY, "timeout", "on_timeout", "on_interrupt", *NOTIFYING)
WHEN = ("every", "cron", "rrule", "at", "start", "end", "count", "exceptions", "tz")
SCHEDULE = "the schedule's id or name"
APPROVAL = "the approval's id, or that of the workflow job that waits for it"
OVERLAP = ("if_running", "same_limit")
ON = (
    "of_template", "of_workflow", "of_project", "of_inventory", "of_credential",
    "of_organization", "of_team", "of_instance_group",
)  # fmt: skip
ATTACHED_TO = ("of_template", "of_workflow", "of_project", "of_organization")

COMMANDS = (
    Command(
        "run", "the whole flow: check, sync, launch, follow, save the log",
        (*PLAN, "expect_host", "reachable", "sync", *OVERLAP, *ENDING, "history", *RESULT,
         "save_log", "dashboard", "demo"),
        reads=("store", "tz", "slo", *DESTINATIONS), needs="write",
    ),
    Command(
        "check", "whether a run would start: one go/no-go report, nothing changed",
        (*PLAN, "expect_host", *RESULT, "demo"),
    ),
    Command("ping", "whether AWX is up", (*RESULT, "demo")),
    Command(
        "launch", "launch without checks or sync, print the job's id",
        (*PASSED, *OVERLAP, "watch", *ENDING, *RESULT, "save_log"), reads=DESTINATIONS,
        needs="write",
    ),
    Command(
        "watch", "follow jobs of anyone's, running or finished",
        ("timeout", *NOTIFYING, *RESULT, "save_log"), "JOB",
        "the job's id; several are followed together", several=True, reads=DESTINATIONS,
    ),
    Command(
        "logs", "the output of a job: all of it, or what is chosen of it",
        ("format", "save", "follow", "tail", "only_host", "task", "failed"), "JOB", "the job's id",
    ),
    Command(
        "relaunch", "start a job again, on the hosts that failed",
        ("relaunch_hosts", "watch", *ENDING, *RESULT, "save_log"), "JOB", "the job's id",
        reads=DESTINATIONS, needs="write",
    ),
    Command(
        "resume", "go on with a run that was cut off, never launching twice",
        (*ENDING, *RESULT, "save_log"), "[RUN]", "the run's id (default: the newest cut off)",
        optional=True, reads=DESTINATIONS, needs="write",
    ),
    Command(
        "cancel", "cancel a job and wait until it is", ("yes",), "JOB", "the job's id",
        needs="write",
    ),
    Command(
        "approval list", "what workflows wait for, and whether it is yours to answer",
        (*RESULT, "demo"), outputs=LIST_OUTPUTS,
    ),
    Command(
        "approval approve", "let a workflow go on", ("yes", *RESULT), "ID", APPROVAL, needs="write",
    ),
    Command(
        "approval deny", "let the step of a workflow fail that waits", ("yes", *RESULT), "ID",
        APPROVAL, needs="write",
    ),
    Command(
        "history", "past jobs, newest first",
        ("status", "only_template", "only_inventory", "only_project", "only_user", "launch_type",
         "since", "until", "filter", "order", "history", "all", *RESULT, "demo"),
        renamed=(("history", "--limit"),), outputs=LIST_OUTPUTS,
    ),
    Command(
        "report", "how jobs went: success rate, durations, failures, trends; a page, too",
        ("since", "until", "only_template", "by", "tz", "slo", "fail_under", "html", "csv", "store",
         "refresh", *RESULT, "demo"),
    ),
    Command(
        "token login", "log in for good: by the browser, or with a password or a given token",
        ("browser", "redirect_uri", "token_scope", "timeout", *RESULT), needs="write",
    ),
    Command(
        "token create", "make a token that lasts and keep it, or print it for a pipeline",
        ("token_scope", "token_description", "application", "print", *RESULT), needs="write",
    ),
    Command("token list", "the tokens in AWX", ("all_users", *RESULT)),
    Command(
        "token revoke", "end tokens in AWX",
        ("ours", "yes"), "[TOKEN]", "a token's id, as token list shows it; several may be given",
        optional=True, several=True, needs="write",
    ),
    Command("token logout", "end the kept login and forget it", ("local",), needs="write"),
    Command("token whoami", "who AWX takes us for, by what, and until when", RESULT),
    Command(
        "access list", "who may do what with something, or what somebody holds",
        (*ON, "access_user", "access_team", *RESULT, "demo"), outputs=LIST_OUTPUTS,
    ),
    Command(
        "access grant", "give a role on something to users and teams",
        ("access_role", *ON, "access_user", "access_team", "access_direct", *RESULT),
        needs="write",
    ),
    Command(
        "access revoke", "take a role on something from users and teams",
        ("access_role", *ON, "access_user", "access_team", "yes", *RESULT), needs="write",
    ),
    Command(
        "access check", "whether one may launch a template, and by what role",
        ("template", "inventory", "credential", "instance_group", "access_user", "as_me", *RESULT,
         "demo"),
    ),
    Command(
        "access audit", "who may change and run what, who is idle, which tokens last",
        ("access_inactive", *RESULT, "demo"), outputs=LIST_OUTPUTS,
    ),
    Command(
        "notify list", "AWX's notification templates, or those attached to one thing",
        (*ATTACHED_TO, *RESULT, "demo"), outputs=LIST_OUTPUTS,
    ),
    Command(
        "notify create", "make a notification template in AWX, its fields checked first",
        ("notification_type", "notification_field", "of_organization", *RESULT), "NAME",
        "what it is to be called", needs="write",
    ),
    Command(
        "notify test", "send a test to where --notify-on sends to, or let AWX send one",
        ("test_timeout", "notify_template", *RESULT), "[TEMPLATE]",
        "a notification template of AWX's, by id or name (default: what is set here)",
        optional=True, reads=DESTINATIONS, needs="write",
    ),
    Command(
        "notify attach", "let AWX send by a notification template when something ends or starts",
        ("notification_events", *ATTACHED_TO, *RESULT), "TEMPLATE",
        "the notification template, by id or name; several may be given", several=True,
        needs="write",
    ),
    Command(
        "notify detach", "let AWX send by a notification template no more",
        ("notification_events", *ATTACHED_TO, *RESULT), "TEMPLATE",
        "the notification template, by id or name; several may be given", several=True,
        needs="write",
    ),
    Command(
        "schedule add", "have AWX run something by itself",
        (*PASSED, "of_project", *WHEN, "schedule_name", "schedule_description", "disabled",
         "renew_secrets", "dry_run", "yes", *RESULT),
        needs="write",
    ),
    Command(
        "schedule list", "the schedules of templates and projects",
        ("of_template", "of_project", "made_by", "only_enabled", "only_disabled",
         "with_system", "tz", *RESULT, "demo"),
        outputs=LIST_OUTPUTS,
    ),
    Command(
        "schedule show", "one, its next times and its last jobs", ("tz", *RESULT, "demo"),
        "NAME", SCHEDULE, needs="write",  # to ask when it falls due is a POST
    ),
    Command(
        "schedule enable", "let AWX start what they say", RESULT, "NAME",
        f"{SCHEDULE}; several may be given", several=True, needs="write",
    ),
    Command(
        "schedule disable", "let AWX start nothing by them, and keep them", RESULT, "NAME",
        f"{SCHEDULE}; several may be given", several=True, needs="write",
    ),
    Command(
        "schedule remove", "remove them; what they have started stays", ("yes", *RESULT),
        "NAME", f"{SCHEDULE}; several may be given", several=True, needs="write",
    ),
    Command(
        "schedule preview", "when one falls due next, or would; nothing is made",
        (*WHEN, *RESULT, "demo"), "[NAME]", SCHEDULE, optional=True, needs="write",
    ),
    Command(
        "schedule export", "write schedules as a file that apply takes",
        ("of_template", "of_project", "made_by", "only_enabled", "only_disabled", "save",
         "demo"),
    ),
    Command(
        "schedule apply", "make AWX have the schedules of a file",
        ("file", "prune", "renew_secrets", "dry_run", "yes", *RESULT), needs="write",
    ),
    Command(
        "demo-server", "the embedded AWX in the foreground",
        ("demo_port", "demo_jobs", "demo_as"), connects=False,
    ),
)  # fmt: skip
