"""Settings of what is launched: a template and its prompts."""

from __future__ import annotations

from dataclasses import dataclass

from utils import values
from utils.options import option, switch


@dataclass(frozen=True, init=False, repr=False, eq=False)
class Launching:
    """Settings of what is launched: a template and its prompts."""

    template: str = option("", "job template, by id or name", metavar="ID|NAME")
    inventory: str = option(
        "", "inventory, where the template asks for one", metavar="ID|NAME",
        default_text="the template's",
    )  # fmt: skip
    credential: tuple[str, ...] = option(
        (), "credential, where the template asks for it; repeatable", metavar="ID|NAME",
        repeatable=True, default_text="the template's",
    )  # fmt: skip
    project: str = option(
        "", "project to sync before the launch", metavar="ID|NAME", default_text="the template's"
    )
    extra_vars: tuple[str, ...] = option(
        (), "variables: k=v, JSON, YAML or @file; repeatable, later wins", metavar="VARS",
        flags=("--extra-vars", "-e"), repeatable=True, secret=True,
    )  # fmt: skip
    limit: str = option("", "run on these hosts only, as Ansible reads it", metavar="PATTERN")
    tags: str = option("", "run only what has these tags, with commas between", metavar="TAGS")
    skip_tags: str = option("", "leave out what has these tags", metavar="TAGS")
    job_type: str = option(
        "", "run, or check (a dry run)", values.one_of("run", "check"), metavar="TYPE"
    )
    verbosity: int | None = option(
        None, "Ansible's verbosity, 0 to 5", values.whole_number(0, 5), metavar="N"
    )
    diff: bool = switch("show what Ansible changes in files")
    forks: int | None = option(
        None, "hosts to work on at the same time", values.whole_number(0), metavar="N"
    )
    labels: tuple[str, ...] = option(
        (), "label to put on the job; repeatable", metavar="ID|NAME", repeatable=True
    )
    execution_environment: str = option("", "execution environment to run in", metavar="ID|NAME")
    instance_group: tuple[str, ...] = option(
        (), "instance group to run on; repeatable", metavar="ID|NAME", repeatable=True
    )
