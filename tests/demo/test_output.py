from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.server import DemoServer
    from tests.demo.conftest import Api
    from tests.demo.stage import Clock

UNESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}


def undone(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: UNESCAPED[match.group(1)], text)


def test_undoing_the_copy_escapes_gives_the_events(api: Api, clock: Clock) -> None:
    job = api.launch(9)
    clock.tick(10)
    events = api.get(f"jobs/{job}/job_events/?limit=500&order_by=counter&no_truncate=1")["results"]
    printed = "".join(e["stdout"].replace("\r\n", "\n") + "\n" for e in events if e["stdout"])
    assert "\t" in printed
    assert "\\" in printed
    download = api.send("GET", f"jobs/{job}/stdout/?format=ansi_download").content.decode()
    assert download != printed
    assert "\\t" in download
    assert "\t" not in download
    assert undone(download) == printed
    for kind in ("ansi", "txt"):
        whole = api.send("GET", f"jobs/{job}/stdout/?format={kind}").content
        assert whole == api.send("GET", f"jobs/{job}/stdout/?format={kind}_download").content
    assert "\x1b[" not in api.send("GET", f"jobs/{job}/stdout/?format=txt").text


def test_big_output_is_refused_but_for_downloads(api: Api, clock: Clock) -> None:
    job = api.launch(13)
    clock.tick(10)
    download = api.send("GET", f"jobs/{job}/stdout/?format=ansi_download").content
    assert len(download) > 3_000_000
    sentence = (
        f"Standard Output too large to display ({len(download)} bytes), "
        "only download supported for sizes over 1048576 bytes."
    )
    for kind in ("txt", "ansi"):
        answer = api.send("GET", f"jobs/{job}/stdout/?format={kind}")
        assert (answer.status_code, answer.text) == (200, sentence)
    ranged = api.get(f"jobs/{job}/stdout/?format=json&start_line=0&end_line=10")
    assert ranged["content"] == sentence
    assert sentence in api.send("GET", f"jobs/{job}/stdout/?format=html").text


def test_long_events_are_cut_unless_told(api: Api, clock: Clock) -> None:
    job = api.launch(13)
    clock.tick(10)
    path = f"jobs/{job}/job_events/?limit=1&event=runner_item_on_ok&order_by=counter"
    (cut,) = api.get(path)["results"]
    (whole,) = api.get(f"{path}&no_truncate=1")["results"]
    assert len(cut["stdout"]) == 1024
    assert len(whole["stdout"]) > 6000
    assert whole["stdout"].startswith(cut["stdout"][:1000])


def test_a_limit_above_the_page_size_is_honoured(api: Api, clock: Clock) -> None:
    job = api.launch(13)
    clock.tick(10)
    answer = api.get(f"jobs/{job}/job_events/?limit=500&order_by=counter")
    assert set(answer) == {"results"}
    assert len(answer["results"]) > 300


def test_a_hundred_megabytes_are_streamed(api: Api, clock: Clock) -> None:
    job = api.launch(32)
    clock.tick(20)
    size = 0
    answer = api.send("GET", f"jobs/{job}/stdout/?format=ansi_download", stream=True)
    for piece in answer.iter_content(1 << 16):
        size += len(piece)
        if size > 5_000_000:
            break
    answer.close()
    assert "content-length" not in answer.headers
    assert size > 5_000_000


def test_events_by_counter_do_not_depend_on_how_they_are_asked_for(api: Api, clock: Clock) -> None:
    job = api.launch(13)
    clock.tick(10)
    path = f"jobs/{job}/job_events/?order_by=counter&counter__gt=300"
    short = api.get(f"{path}&limit=10")["results"]
    assert [event["counter"] for event in short] == list(range(301, 311))
    assert short == api.get(f"{path}&page_size=10")["results"]


def test_json_ranges(api: Api, clock: Clock) -> None:
    job = api.launch(10)
    clock.tick(10)
    whole = api.get(f"jobs/{job}/stdout/?format=json")
    part = api.get(f"jobs/{job}/stdout/?format=json&start_line=2&end_line=6")
    past = api.get(f"jobs/{job}/stdout/?format=json&start_line=1000&end_line=2000")
    lines = whole["content"].splitlines(keepends=True)
    assert whole["range"]["absolute_end"] == len(lines)
    assert part["content"] == "".join(lines[2:6])
    assert past["content"] == ""
    assert past["range"] == {"start": 1000, "end": len(lines), "absolute_end": len(lines)}


def test_output_grows_while_running(api: Api, clock: Clock, server: DemoServer) -> None:
    job = api.launch(12)
    sizes = []
    for _ in range(4):
        clock.tick(5)
        sizes.append(len(api.send("GET", f"jobs/{job}/stdout/?format=txt").text))
    assert sizes == sorted(set(sizes))
    assert server.awx.jobs[job].status == "running"
