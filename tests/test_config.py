from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import config
from utils.errors import UsageError
from utils.options import env_name, flag_name
from utils.settings.notifying import DESTINATIONS


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program live in a folder of its own, and start it elsewhere."""
    folder, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.setattr(config, "HOME", folder)
    monkeypatch.chdir(elsewhere)
    return folder


class TestPrecedence:
    @pytest.mark.parametrize(
        ("flags", "environ", "dotenv", "limit", "source"),
        [
            ({"limit": ["flag"]}, {"AWX_LIMIT": "env"}, "AWX_LIMIT=file", "flag", "--limit"),
            ({}, {"AWX_LIMIT": "env"}, "AWX_LIMIT=file", "env", "AWX_LIMIT"),
            ({}, {}, "AWX_LIMIT=file", "file", "AWX_LIMIT in {home}/.env"),
            ({}, {}, "", "", "the default"),
            ({"limit": [""]}, {"AWX_LIMIT": ""}, "AWX_LIMIT=file", "file",
             "AWX_LIMIT in {home}/.env"),
            ({"limit": ["a", "b"]}, {}, "", "b", "--limit"),
        ],
    )  # fmt: skip
    def test_flag_then_environment_then_file_then_default(
        self,
        home: Path,
        flags: dict[str, list[str]],
        environ: dict[str, str],
        dotenv: str,
        limit: str,
        source: str,
    ) -> None:
        (home / ".env").write_text(dotenv)
        found = config.resolve(flags, environ)
        assert (found.limit, found.source("limit")) == (limit, source.format(home=home))
        assert found.asked("limit") is bool(limit)

    @pytest.mark.parametrize(
        ("field", "names"),
        [
            ("host", ["AWX_HOST", "CONTROLLER_HOST", "AAP_HOSTNAME", "TOWER_HOST"]),
            ("username",
             ["AWX_USERNAME", "CONTROLLER_USERNAME", "AAP_USERNAME", "TOWER_USERNAME"]),
            ("password", ["AWX_PASSWORD", "AWX_ADMIN_PASSWORD", "CONTROLLER_PASSWORD",
                          "AAP_PASSWORD", "TOWER_PASSWORD"]),
            ("token", ["AWX_TOKEN", "CONTROLLER_OAUTH_TOKEN", "AAP_TOKEN", "TOWER_OAUTH_TOKEN"]),
        ],
    )  # fmt: skip
    def test_the_names_of_other_tools_are_read_in_their_order(
        self, field: str, names: list[str]
    ) -> None:
        environ = {name: f"https://{number}" for number, name in enumerate(names)}
        while names:
            found = config.resolve({}, environ)
            assert (getattr(found, field), found.source(field)) == (environ[names[0]], names[0])
            environ[names.pop(0)] = ""

    def test_verify_ssl_has_its_names_too(self) -> None:
        for name in ("CONTROLLER_VERIFY_SSL", "AAP_VALIDATE_CERTS", "TOWER_VERIFY_SSL"):
            assert config.resolve({}, {name: "false"}).verify_ssl is False

    def test_another_tools_name_in_the_environment_wins_over_the_file(self, home: Path) -> None:
        (home / ".env").write_text("AWX_HOST=https://file")
        assert config.resolve({}, {"TOWER_HOST": "https://env"}).host == "https://env"

    def test_defaults(self, home: Path) -> None:
        found = config.resolve({}, {})
        assert (found.host, found.username, found.verify_ssl, found.sync, found.history) == (
            "http://localhost:8080", "admin", True, "always", 10,
        )  # fmt: skip
        assert Path(found.log_dir).name == "logs"
        assert not list(home.iterdir())


class TestReading:
    @pytest.mark.parametrize(
        ("environ", "told"),
        [
            ({"AWX_VERIFY_SSL": "maybe"}, "AWX_VERIFY_SSL is 'maybe': it takes true or false"),
            ({"TOWER_HOST": "awx"}, "TOWER_HOST is 'awx': it takes an address"),
            ({"AWX_SYNC": "sometimes"}, "AWX_SYNC is 'sometimes': it takes always, auto or never"),
            ({"AWX_READ_TIMEOUT": "0"}, "AWX_READ_TIMEOUT is '0': it takes a duration"),
            ({"AWX_VERBOSITY": "6"}, "AWX_VERBOSITY is '6': it takes a whole number from 0 to 5"),
            ({"AWX_STATUS": "failed,broken"}, "AWX_STATUS is 'broken': it takes new, pending"),
        ],
    )
    def test_what_cannot_be_read_names_itself_and_what_it_takes(
        self, environ: dict[str, str], told: str
    ) -> None:
        with pytest.raises(UsageError) as error:
            config.resolve({}, environ)
        assert str(error.value).startswith(told)

    def test_a_flag_is_named_as_it_is_spelled(self) -> None:
        with pytest.raises(UsageError, match="--history is 'x': it takes a whole number from 0"):
            config.resolve({"history": ["x"]}, {})

    def test_types(self) -> None:
        found = config.resolve(
            {"verify_ssl": ["false"], "diff": ["true"]},
            {"AWX_READ_TIMEOUT": "2m", "AWX_FORKS": "5", "AWX_CREDENTIAL": "a, b"},
        )
        assert (found.verify_ssl, found.diff) == (False, True)
        assert (found.read_timeout, found.forks, found.credential) == (120.0, 5, ("a", "b"))

    def test_a_repeated_flag_keeps_commas_and_variables_keep_theirs_anywhere(self) -> None:
        found = config.resolve(
            {"credential": ["Deploy, web", "3"]}, {"AWX_EXTRA_VARS": '{"a": 1, "b": 2}'}
        )
        assert found.credential == ("Deploy, web", "3")
        assert found.extra_vars == ('{"a": 1, "b": 2}',)

    @pytest.mark.parametrize("name", ["status", "retry_on"])
    def test_words_may_be_joined_on_the_command_line_too(self, name: str) -> None:
        found = config.resolve({name: ["failed, error", "canceled"]}, {})
        assert getattr(found, name) == ("failed", "error", "canceled")
        for text in ("failed,green", "green", ","):
            with pytest.raises(UsageError, match=rf"is '{text[-5:]}': it takes"):
                config.resolve({name: [text]}, {})

    @pytest.mark.parametrize(("text", "off"), [("1", True), ("", False)])
    def test_no_color_is_honoured(self, text: str, off: bool) -> None:
        assert config.resolve({}, {"NO_COLOR": text}).no_color is off

    @pytest.mark.parametrize("output", [{}, {"output": ["text"]}, {"output": ["json"]}])
    def test_a_jq_filter_means_json_whatever_else_is_asked_for(
        self, output: dict[str, list[str]]
    ) -> None:
        assert config.resolve({"jq": [".job"], **output}, {"AWX_OUTPUT": "text"}).output == "json"

    @pytest.mark.parametrize(
        ("flags", "environ"),
        [
            ({}, {"AWX_HOST": "https://ann:s3cret@awx.test"}),
            ({"host": ["https://ann:s3cret@awx.test"]}, {}),
            ({}, {"AWX_HOST": "ann:s3cret@awx.test"}),
            ({}, {"AWX_TOKEN": "s3cret token"}),
            ({}, {"AWX_TOKEN": "s3cret\x07"}),
            ({}, {"AWX_TOKEN": "s3cretä"}),
            ({}, {"AWX_PASSWORD": "s3cret\udce4"}),
        ],
    )
    def test_what_may_be_a_secret_is_not_repeated(
        self, flags: dict[str, list[str]], environ: dict[str, str]
    ) -> None:
        with pytest.raises(UsageError, match="it takes") as error:
            config.resolve(flags, environ)
        assert str(error.value).startswith(("--host", *environ))
        assert "s3cret" not in str(error.value)

    @pytest.mark.parametrize(
        ("flags", "environ", "name"),
        [
            ({"limit": ["web\udcff"]}, {}, "--limit"),
            ({"credential": ["M", "\udce4"]}, {}, "--credential"),
            ({}, {"AWX_TEMPLATE": "\udcff"}, "AWX_TEMPLATE"),
            ({"save_log": ["\udcff"]}, {}, "--save-log"),
        ],
    )
    def test_what_is_not_utf8_is_refused_by_name(
        self, flags: dict[str, list[str]], environ: dict[str, str], name: str
    ) -> None:
        with pytest.raises(UsageError) as error:
            config.resolve(flags, environ)
        assert str(error.value) == f"{name}: it takes text in UTF-8"

    @pytest.mark.parametrize("text", ["t0ken", " t0ken\n", "t0ken\r\n"])
    def test_a_token_is_read_without_what_a_file_puts_around_it(self, text: str) -> None:
        assert config.resolve({}, {"AWX_TOKEN": text}).token == "t0ken"


class TestWanted:
    def test_what_a_command_does_not_take_cannot_trouble_it(self) -> None:
        environ = {"AWX_VERBOSITY": "6", "AWX_LIMIT": "web01"}
        found = config.resolve({}, environ, wanted=["limit"])
        assert (found.limit, found.verbosity) == ("web01", None)
        assert not found.asked("verbosity")
        with pytest.raises(UsageError, match="AWX_VERBOSITY is '6'"):
            config.resolve({}, environ, wanted=["limit", "verbosity"])

    def test_a_misspelled_setting_is_refused_all_the_same(self) -> None:
        with pytest.raises(UsageError, match=r"AWX_HOTS .* is AWX_HOST meant"):
            config.resolve({}, {"AWX_HOTS": "x"}, wanted=["limit"])

    def test_a_renamed_flag_is_named_as_it_was_typed(self) -> None:
        with pytest.raises(UsageError, match=r"^--limit is 'x': it takes a whole number"):
            config.resolve({"history": ["x"]}, {}, renamed={"history": "--limit"})
        found = config.resolve({"history": ["3"]}, {}, renamed={"history": "--limit"})
        assert (found.history, found.source("history")) == (3, "--limit")


class TestSecrets:
    def test_secrets_are_not_shown(self) -> None:
        environ = {"AWX_PASSWORD": "s3cret", "AWX_TOKEN": "t0ken", "AWX_EXTRA_VARS": "key=v4r"}
        found = config.resolve({}, environ)
        assert (found.password, found.token, found.extra_vars) == ("s3cret", "t0ken", ("key=v4r",))
        shown = f"{found!r} {found} {dict(found.sources)}"
        assert not any(secret in shown for secret in ("s3cret", "t0ken", "v4r"))


class TestPaths:
    def test_from_a_flag_start_at_the_current_folder(self) -> None:
        found = config.resolve({"log_dir": ["out"]}, {})
        assert found.log_dir == str(Path.cwd() / "out")

    @pytest.mark.parametrize("where", ["environment", "file"])
    def test_from_elsewhere_start_beside_the_program(self, home: Path, where: str) -> None:
        if where == "file":
            (home / ".env").write_text("AWX_LOG_DIR=out")
        found = config.resolve({}, {"AWX_LOG_DIR": "out"} if where == "environment" else {})
        assert found.log_dir == str(home / "out")

    def test_that_are_absolute_stay(self, tmp_path: Path) -> None:
        assert config.resolve({}, {"AWX_SAVE_LOG": f"{tmp_path}/x"}).save_log == f"{tmp_path}/x"

    def test_of_variables_start_where_they_were_written(self, home: Path) -> None:
        assert config.resolve({"extra_vars": ["@x"]}, {}).folder("extra_vars") == Path.cwd()
        assert config.resolve({}, {"AWX_EXTRA_VARS": "@x"}).folder("extra_vars") == home


class TestEnvFile:
    def test_a_named_one_is_read_in_place_of_the_usual_one(self, home: Path) -> None:
        (home / ".env").write_text("AWX_LIMIT=usual")
        (home / "ci.env").write_text("AWX_LIMIT=named")
        Path("here.env").write_text("AWX_LIMIT=here")
        assert config.resolve({}, {"AWX_ENV_FILE": "ci.env"}).limit == "named"
        found = config.resolve({"env_file": ["here.env"]}, {"AWX_ENV_FILE": "ci.env"})
        assert found.limit == "here"

    def test_one_that_is_not_there_is_told(self) -> None:
        with pytest.raises(UsageError, match=r"cannot read .*none\.env"):
            config.resolve({"env_file": ["none.env"]}, {})

    def test_a_broken_line_is_told(self, home: Path) -> None:
        (home / ".env").write_text("AWX_LIMIT=x\n=\n")
        with pytest.raises(UsageError, match="line 2: should be NAME=value"):
            config.resolve({}, {})

    @pytest.mark.parametrize(
        ("environ", "dotenv", "told"),
        [
            ({"AWX_TEMPLAT": "9"}, "", "AWX_TEMPLAT in the environment .* is AWX_TEMPLATE meant"),
            ({}, "AWX_TEMPLAT=9", r"AWX_TEMPLAT in .*\.env is no setting: is AWX_TEMPLATE meant"),
            ({}, "AWX_NOVEL=9", r"AWX_NOVEL in .*\.env is no setting"),
        ],
    )
    def test_a_misspelled_setting_is_told(
        self, home: Path, environ: dict[str, str], dotenv: str, told: str
    ) -> None:
        (home / ".env").write_text(dotenv)
        with pytest.raises(UsageError, match=told):
            config.resolve({}, environ)


def test_a_setting_that_a_command_needs_is_named_with_both_its_names() -> None:
    found = config.resolve({}, {})
    with pytest.raises(UsageError, match="no job template: pass --template or set AWX_TEMPLATE"):
        found.require("template")
    with pytest.raises(UsageError, match=r"no organization: pass --organization or set AWX_OF_ORG"):
        found.require("of_organization")
    config.resolve({"template": ["9"]}, {}).require("template")


@pytest.mark.parametrize(
    ("flags", "environ", "first"),
    [
        ({}, {}, ""),
        ({}, {"AWX_TOKEN_FILE": "file"}, "token_file"),
        ({}, {"AWX_TOKEN_FILE": "file", "AWX_TOKEN": "t0ken"}, "token"),
        ({"token_file": ["file"]}, {"AWX_TOKEN": "t0ken"}, "token_file"),
    ],
)
def test_of_settings_for_the_same_thing_a_flag_holds_and_then_the_first(
    flags: dict[str, list[str]], environ: dict[str, str], first: str
) -> None:
    assert config.resolve(flags, environ).first_asked("token", "token_file") == first


def test_every_flag_has_its_setting_but_secrets_have_no_flag() -> None:
    table = config.options()
    assert {env_name(name) for name in table} <= config.env_names()
    without = {name for name, each in table.items() if not each.flags}
    assert without == {"password", "token", "client_secret", *DESTINATIONS}
    assert table["skip_tags"].flags == (flag_name("skip_tags"),) == ("--skip-tags",)


@pytest.mark.parametrize(
    ("terminal", "flags", "colours"),
    [(True, {}, True), (True, {"no_color": ["true"]}, False), (False, {}, False)],
)
def test_colours_only_where_somebody_sees_and_wants_them(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, flags: dict[str, list[str]], colours: bool
) -> None:
    found = config.resolve(flags, {})
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert found.colors_on_stdout is colours


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each in config.env_names()]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWX_LIMIT", "web01")
    assert config.resolve({}).limit == "web01"
