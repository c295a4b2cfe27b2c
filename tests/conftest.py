"""What all tests share. Only tests/e2e and tests/demo speak real HTTP."""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from responses import RequestsMock

import config
from tests.certificates import Certificates
from tests.fake_awx import HOST, FakeAwx, FakeTime
from utils.awx_client import Client
from utils.awx_client.patience import Patience
from utils.results import Results
from utils.settings.showing import LIST_OUTPUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TESTS = Path(__file__).resolve().parent
REAL_HTTP = frozenset({"e2e", "demo"})
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

hypothesis.settings.register_profile("unit", deadline=None, max_examples=150, database=None)
# What `make fuzz` loads in its place.
hypothesis.settings.register_profile("fuzz", deadline=None, max_examples=2000, database=None)
hypothesis.settings.load_profile("unit")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Let each worker load its share of all tests first: what one compiled, no other needs to."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or [Path(arg).resolve() for arg in session.config.args] != [TESTS]:
        return
    number, of = int(worker["workerid"].removeprefix("gw")), worker["workercount"]
    for path in sorted(TESTS.rglob("test_*.py"))[number::of]:
        # One that cannot be loaded, or skips itself, is told of when it is its turn.
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


@pytest.fixture
def awx() -> Iterator[FakeAwx]:
    with RequestsMock(assert_all_requests_are_fired=True) as mock:
        yield FakeAwx(mock)


@pytest.fixture(autouse=True)
def _no_real_http(request: pytest.FixtureRequest) -> None:
    if not REAL_HTTP.intersection(request.path.parts):
        request.getfixturevalue("awx")


@pytest.fixture(autouse=True)
def _nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the logins of whoever runs the tests, and from a keyring of theirs."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(autouse=True)
def _no_waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients wait for AWX in no time, also those that a command makes for itself."""
    if not REAL_HTTP.intersection(request.path.parts):
        time: FakeTime = request.getfixturevalue("time")
        defaults = Patience.__init__.__kwdefaults__ or {}
        monkeypatch.setitem(defaults, "sleep", time.sleep)
        monkeypatch.setitem(defaults, "clock", time.clock)


@pytest.fixture(autouse=True)
def _no_websocket(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let AWX refuse its websocket, as a proxy may; tests/e2e has the real one."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no websocket here")

    if not REAL_HTTP.intersection(request.path.parts):
        monkeypatch.setattr("websocket.WebSocket.connect", refuse)


@pytest.fixture(autouse=True)
def _logger_as_it_was(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Give the program's logger back as it was, and let `caplog` see all of it."""
    logger = logging.getLogger("awx")
    before = logger.handlers[:], logger.propagate, logger.level
    caplog.set_level(logging.DEBUG, logger="awx")
    yield
    for handler in logger.handlers[:]:
        if handler not in before[0]:
            logger.removeHandler(handler)
            handler.close()
    logger.handlers[:], logger.propagate, logger.level = before


@pytest.fixture
def default_signals() -> Iterator[None]:
    """Start with the signals as a shell hands them over, and give them back as they were."""
    before = {each: signal.getsignal(each) for each in SIGNALS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(time: FakeTime) -> Iterator[Client]:
    made = Client(HOST, prefix="/api/v2/", sleep=time.sleep, clock=time.clock)
    yield made
    made.close()


@pytest.fixture
def done() -> Iterator[Results]:
    with Results() as results:
        yield results


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., config.Settings]:
    """Return a maker of settings: `settings(limit="web01")` is `--limit web01`."""

    def make(environ: dict[str, str] | None = None, **flags: object) -> config.Settings:
        texts = {
            name: [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
            for name, value in flags.items()
        }
        base = {
            "AWX_ENV_FILE": os.devnull, "AWX_HOST": HOST, "AWX_API_PREFIX": "/api/v2/",
            "AWX_TEMPLATE": "9", "AWX_LOG_DIR": str(tmp_path / "logs"),
        }  # fmt: skip
        return config.resolve(
            texts, {**base, **(environ or {})}, needs="write", outputs=LIST_OUTPUTS
        )

    return make
