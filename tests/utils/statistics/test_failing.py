from __future__ import annotations

from tests.utils.statistics.histories import TEMPLATES, job
from tests.utils.statistics.oracle import Why
from tests.utils.statistics.week import MOMENT, SINCE, at, report, several
from utils.statistics.figures import Share

Host = tuple[str, str, str, bool]


def failed(host: str, task: str = "Copy", message: str = "", *, away: bool = False) -> Host:
    return host, task, message, away


def of_task(*hosts: Host, kind: str = "task") -> Why:
    return Why(kind, "", hosts)


def test_ten_hosts_are_shown_those_of_most_jobs_first() -> None:
    hosts = [f"web{number:02}" for number in range(12)]
    why = {
        1: of_task(*(failed(host) for host in hosts)),
        2: of_task(*(failed(host) for host in hosts[10:])),
        3: of_task(failed("web11")),
    }
    found = report(*several("BBB"), why=why).failing_hosts
    assert [(each.name, each.jobs) for each in found] == [
        ("web11", 3), ("web10", 2), *((host, 1) for host in hosts[:8])
    ]  # fmt: skip


def test_ten_tasks_are_shown_those_of_most_jobs_first() -> None:
    tasks = [f"Task {number:02}" for number in range(12)]
    hosts = [failed(f"web{number}", task) for number, task in enumerate(tasks)]
    why = {1: of_task(*hosts), 2: of_task(*hosts[10:]), 3: of_task(hosts[11])}
    found = report(*several("BBB"), why=why).failing_tasks
    assert [(each.name, each.jobs) for each in found] == [
        ("Deploy web: Task 11", 3), ("Deploy web: Task 10", 2),
        *((f"Deploy web: {task}", 1) for task in tasks[:8]),
    ]  # fmt: skip


def test_a_task_counts_once_in_a_job_and_speaks_with_the_first_host_of_the_newest() -> None:
    why = {
        1: of_task(failed("a", message="old")),
        2: of_task(failed("c", message="third"), failed("b", message="second")),
    }
    (found,) = report(*several("BB"), why=why).failing_tasks
    assert found == Share("Deploy web: Copy", 2, 2, "second")


def test_a_host_speaks_with_its_newest_job() -> None:
    why = {1: of_task(failed("a", message="old")), 2: of_task(failed("a", message="new\x1b[2J"))}
    (found,) = report(*several("BB"), why=why).failing_hosts
    assert found == Share("a", 2, 2, "new [2J")


def test_an_unreachable_host_is_counted_and_its_task_is_not() -> None:
    why = {1: of_task(failed("a", away=True), failed("b", ""), kind="unreachable")}
    found = report(*several("B"), why=why)
    assert [each.name for each in found.failing_hosts] == ["a", "b"]
    assert found.failing_tasks == ()


def test_a_task_is_known_by_its_template_too() -> None:
    rows = [
        job(1, at(1), 7, status="failed"), job(2, at(2), 5, status="failed"),
        job(3, at(3), None, name="Gone", status="failed"), job(4, at(4), 6, status="failed"),
    ]  # fmt: skip
    why = {number: of_task(failed("a")) for number in (1, 2, 3)} | {4: of_task(failed("a", "Apt"))}
    found = report(*rows, why=why).failing_tasks
    assert TEMPLATES[5] == TEMPLATES[7] == "Deploy web"
    assert [(each.name, each.last_job) for each in found] == [
        ("Backup: Apt", 4), ("Deploy web: Copy", 2), ("Deploy web: Copy", 1), ("Gone: Copy", 3),
    ]  # fmt: skip


def test_what_is_known_of_other_jobs_is_left_out() -> None:
    rows = [
        job(1, SINCE - MOMENT, status="failed"), job(2, at(1)), job(3, at(2), status="canceled"),
        job(4, at(3), status="failed"),
    ]  # fmt: skip
    why = {number: of_task(failed(f"web{number}")) for number in (1, 2, 3, 4)}
    found = report(*rows, why=why)
    assert found.explained == 1
    assert [each.name for each in found.failing_hosts] == ["web4"]
    assert [each.last_job for each in found.failing_tasks] == [4]
    assert found.kinds == (Share("task", 1, 4),)


def test_kinds_are_those_of_most_jobs_first_and_equal_ones_by_name() -> None:
    why = {1: Why("unreachable", ""), 2: Why("task", ""), 3: Why("AWX", ""), 4: Why("AWX", "")}
    found = report(*several("BBBEBB"), why=why)
    assert [(each.name, each.jobs, each.last_job) for each in found.kinds] == [
        ("AWX", 2, 4), ("not looked at", 2, 6), ("task", 1, 2), ("unreachable", 1, 1),
    ]  # fmt: skip
    assert found.explained == 4


def test_the_twenty_newest_failed_jobs_are_shown() -> None:
    found = report(*several("B" * 11 + "G" + "B" * 11)).failures
    assert [each.job_id for each in found] == [*range(23, 12, -1), *range(11, 2, -1)]


def test_a_failed_job_names_five_of_its_hosts() -> None:
    why = {1: of_task(*(failed(f"web{number}\n") for number in (7, 2, 5, 1, 6, 3, 4)))}
    (found,) = report(*several("B"), why=why).failures
    assert found.hosts == ("web1 ", "web2 ", "web3 ", "web4 ", "web5 ")
    assert found.host_count == 7


def test_a_failed_job_that_nobody_looked_into_has_the_explanation_of_awx() -> None:
    (found,) = report(*several("E", job_explanation="Gone\r\nwith the node")).failures
    assert (found.kind, found.status) == ("not looked at", "error")
    assert (found.reason, found.hosts, found.host_count) == ("Gone  with the node", (), 0)
    assert found.url == "page of jobs/playbook/1/output"
