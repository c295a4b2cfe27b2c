from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from commands import logs
from tests.rows import event, job, page
from utils.errors import ExitCode, Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fake_awx import FakeAwx
    from utils.command_line import Call

DOWNLOAD = '\nTASK [größe] ***\n\x1b[0;32mok: [<web01>]\x1b[0m\nC:\\\\temp\\t"x"\n'.encode()
PLAIN = '\nTASK [größe] ***\nok: [<web01>]\nC:\\temp\t"x"\n'


@pytest.fixture(autouse=True)
def _found(awx: FakeAwx, me: None) -> None:
    del me
    awx.get("unified_jobs/", page(job()))
    awx.get("jobs/40/", job())


@pytest.fixture
def _output(awx: FakeAwx) -> None:
    awx.get("jobs/40/stdout/", DOWNLOAD)


@pytest.mark.usefixtures("_output")
class TestFormats:
    @pytest.fixture
    def shown(
        self, call: Callable[..., Call], capsysbinary: pytest.CaptureFixture[bytes]
    ) -> Callable[[str], str]:
        def run(kind: str) -> str:
            assert logs.run(call("40", format=kind)) == ExitCode.OK
            return capsysbinary.readouterr().out.decode()

        return run

    def test_text_is_what_ansible_printed(self, shown: Callable[[str], str]) -> None:
        assert shown("txt") == PLAIN

    def test_ansi_has_its_colours(self, shown: Callable[[str], str]) -> None:
        text = shown("ansi")
        assert "\x1b[0;32mok: [<web01>]\x1b[0m" in text
        assert text.replace("\x1b[0;32m", "").replace("\x1b[0m", "") == PLAIN

    def test_json_is_one_object(self, shown: Callable[[str], str]) -> None:
        assert json.loads(shown("json")) == {"id": 40, "type": "job", "content": PLAIN}

    def test_html_is_a_page_of_its_own_with_nothing_unescaped(
        self, shown: Callable[[str], str]
    ) -> None:
        text = shown("html")
        assert text.startswith("<!doctype html>")
        assert text.endswith("</html>\n")
        assert "ok: [&lt;web01&gt;]</span>" in text
        assert "<web01>" not in text
        assert "\x1b" not in text
        assert "http" not in text


@pytest.mark.usefixtures("_output")
def test_it_is_saved_where_it_was_asked_for(
    call: Callable[..., Call], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    logs.run(call("40", save=tmp_path / "job.txt"))
    assert (tmp_path / "job.txt").read_text() == PLAIN
    assert capsysbinary.readouterr().out == b""


def test_a_refusal_leaves_no_file(call: Callable[..., Call], awx: FakeAwx, tmp_path: Path) -> None:
    awx.refuse("GET", "jobs/40/stdout/", 403)
    with pytest.raises(Refused):
        logs.run(call("40", save=tmp_path / "job.txt"))
    assert not (tmp_path / "job.txt").exists()


def test_a_choice_that_fits_nothing_is_told(
    call: Callable[..., Call], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("jobs/40/job_events/", {"results": [event(1, "ok: [web01]")]})
    assert logs.run(call("40", only_host="nosuch")) == ExitCode.OK
    assert "Deploy web 40 has no output that was chosen" in caplog.text
