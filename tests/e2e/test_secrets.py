"""No secret gets anywhere: files, streams, the list of processes; and what exposes one is told."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.faults import Fault
from demo.model import User
from tests.e2e.conftest import LONGEST_S, PASSWORD, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.server import DemoServer
    from tests.e2e.conftest import RunMain

VARIABLE, ANSWER = "var-hunter22", "answer-hunter33"
BASIC = b64encode(f"admin:{PASSWORD}".encode()).decode()
MAIN = str(ROOT / "main.py")


@pytest.fixture
def made(awx: DemoServer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token that AWX makes."""
    seen: list[str] = []
    make = awx.awx.new_token

    def noting(*args: object, **kwargs: object) -> object:
        token = make(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it came
        seen.append(token.token)
        return token

    monkeypatch.setattr(awx.awx, "new_token", noting)
    return seen


@pytest.fixture
def given_token(awx: DemoServer) -> str:
    return awx.awx.new_token(awx.awx.get(User, 1), "write", "").token


@pytest.fixture
def unseen(impatient: RunMain, tmp_path: Path, made: list[str]) -> Callable[..., str]:
    """Runs main.py, looks for secrets in all that it leaves, and returns what it said."""

    def run(
        *args: str,
        secrets: tuple[str, ...] = (),
        variables: tuple[str, ...] = (),
        code: int,
        **env: str,
    ) -> str:
        ended = impatient(*args, **env)
        assert ended.code == code, ended.err
        left = {"stdout": ended.out, "stderr": ended.err}
        for path in tmp_path.rglob("*"):
            if path.is_file() and path.name != ".env":
                left[str(path)] = path.read_bytes().decode(errors="replace")
        assert any(name.endswith("awx.log") for name in left) or code == 2
        for secret in (PASSWORD, BASIC, *made, *secrets):
            assert [name for name, text in left.items() if secret in text] == []
        for name, text in left.items():
            # What a playbook prints of its variables is its own affair.
            if "/jobs/" not in name and (name != "stdout" or "json" in args):
                assert not [each for each in variables if each in text], name
        return ended.err + ended.out

    return run


RUNS = (
    (("run", "--template", "Prompts", "-e", f"db_password={VARIABLE}"), 0),
    (("run", "--template", "Survey", "-e", "release=1", "-e", f"api_secret={ANSWER}"), 0),
    (("run", "--template", "Survey", "-e", f"api_secret={ANSWER}"), 5),
    (("run", "--template", "9", "-e", f"db_password={VARIABLE}"), 5),
    (("run", "--template", "Failing deploy", "--save-log", "copy.txt"), 1),
    (("check", "--template", "9"), 0),
    (("history",), 0),
)


@pytest.mark.parametrize("more", [("-v",), ("-o", "json", "-v")], ids=" ".join)
@pytest.mark.parametrize(("args", "code"), RUNS)
def test_good_and_bad_runs_leave_none(
    unseen: Callable[..., str], args: tuple[str, ...], code: int, more: tuple[str, ...]
) -> None:
    unseen(*args, *more, code=code, variables=(VARIABLE, ANSWER))


def test_a_given_token_is_left_nowhere(
    awx: DemoServer, unseen: Callable[..., str], given_token: str
) -> None:
    unseen("--template", "9", "-v", code=0, secrets=(given_token,), AWX_TOKEN=given_token)
    awx.awx.expire_tokens()
    unseen("--template", "9", "-v", code=4, secrets=(given_token,), AWX_TOKEN=given_token)


@pytest.mark.parametrize(
    ("env", "code", "secret"),
    [
        ({"AWX_PASSWORD": "wrong-hunter44"}, 4, "wrong-hunter44"),
        ({"AWX_HOST": "http://127.0.0.1:9"}, 3, PASSWORD),
        ({"AWX_HOST": "http://ann:host-hunter55@127.0.0.1:9"}, 2, "host-hunter55"),
        ({"HTTP_PROXY": "http://ann:proxy-hunter66@127.0.0.1:9", "NO_PROXY": ""}, 3,
         "proxy-hunter66"),
        ({"HTTP_PROXY": "http://ann:proxy-hunter66@[", "NO_PROXY": ""}, 3, "proxy-hunter66"),
        ({"HTTP_PROXY": "http://ann:proxy-hunter66@", "NO_PROXY": ""}, 3, "proxy-hunter66"),
        ({"HTTP_PROXY": "http://ann:proxy-hunter66@127.0.0.1:x", "NO_PROXY": ""}, 3,
         "proxy-hunter66"),
    ],
)  # fmt: skip
def test_what_is_refused_or_not_reached_leaves_none(
    unseen: Callable[..., str], env: dict[str, str], code: int, secret: str
) -> None:
    for more in ((), ("-v", "-o", "json")):
        unseen("--template", "9", *more, code=code, secrets=(secret,), **env)


@pytest.mark.parametrize("status", [500, 403, 400])
def test_what_an_error_echoes_is_not_repeated(
    awx: DemoServer, unseen: Callable[..., str], given_token: str, status: int
) -> None:
    body = f'{{"detail": "bad header Authorization: Bearer {given_token}"}}'
    awx.faults.add(
        Fault("status", "GET", "/me/", None, code=status, body=body, content_type="text/plain")
    )
    code = 4 if status == 403 else 10
    told = unseen("check", "--template", "9", "-v", code=code, secrets=(given_token,),
                  AWX_TOKEN=given_token)  # fmt: skip
    assert "Authorization: Bearer ***" in told
    awx.faults.clear()
    body = f"Authorization: Basic {BASIC}, that is admin:{PASSWORD}"
    awx.faults.add(
        Fault("status", "POST", "/tokens/", None, code=status, body=body, content_type="text/plain")
    )
    unseen("history", "-v", code=code if status != 403 else 0)


def test_none_is_in_the_list_of_processes(
    awx: DemoServer, environment: dict[str, str], given_token: str
) -> None:
    awx.faults.add(Fault("stall", "POST", "/launch/", seconds=1.0))
    env = {**environment, "AWX_TOKEN": given_token, "AWX_EXTRA_VARS": f"x={VARIABLE}"}
    command = [sys.executable, MAIN, "--template", "Prompts", "--sync", "never"]
    seen: set[str] = set()
    with subprocess.Popen(command, env=env, stdout=-3, stderr=-3, start_new_session=True) as run:
        deadline = time.monotonic() + LONGEST_S
        while run.poll() is None:
            assert time.monotonic() < deadline
            seen |= _command_lines(run.pid)
            time.sleep(0.01)
    assert run.returncode == 0
    assert any(MAIN in line for line in seen)
    for secret in (PASSWORD, given_token, VARIABLE):
        assert not [line for line in seen if secret in line]


def _command_lines(session: int) -> set[str]:
    """Return the command lines of all processes of a session."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(path.name)) == session:
                found.add((path / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended meanwhile
            continue
    return found


def test_a_file_that_others_may_read_is_told(
    main: RunMain, tmp_path: Path, environment: dict[str, str]
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"AWX_PASSWORD={PASSWORD}\n")
    for mode, warned in ((0o644, True), (0o600, False)):
        file.chmod(mode)
        ended = main("history", AWX_PASSWORD="", AWX_ENV_FILE=str(file))
        assert ended.code == 0, ended.err
        assert (f"chmod 600 {file}" in ended.err) is warned
    assert environment["AWX_PASSWORD"] == PASSWORD
