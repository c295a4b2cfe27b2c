from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import pytest

import launch_plan
from tests.fake_awx import address
from tests.rows import default_credential, launch_facts, page, template
from utils.errors import AppError, BadAnswer, PreflightFailed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from config import Settings
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client
    from utils.results import Results

    Make = Callable[..., Settings]
    Row = dict[str, object]

OWN: Row = {"inventory": {"id": 2, "name": "Web servers"}, "credentials": [default_credential()]}
EVERYTHING = (
    "variables", "tags", "diff_mode", "skip_tags", "job_type", "limit", "verbosity", "inventory",
    "credential", "execution_environment", "labels", "forks", "instance_groups",
)  # fmt: skip
QUESTION = {
    "type": "text", "variable": "release", "question_name": "Release", "required": True,
    "min": 1, "max": 20, "default": "", "choices": "",
}  # fmt: skip


@pytest.fixture
def plan(client: Client, settings: Make, awx: FakeAwx) -> Callable[..., launch_plan.LaunchPlan]:
    """Return a maker of plans for template 9, whose `launch/` says `facts`."""

    def make(facts: Row, row: Row | None = None, **flags: object) -> launch_plan.LaunchPlan:
        awx.get("job_templates/9/", row or template())
        awx.get("job_templates/9/launch/", facts)
        return launch_plan.make(client, settings(**flags))

    return make


def test_nothing_asked_for_sends_nothing(plan: Callable[..., launch_plan.LaunchPlan]) -> None:
    found = plan(launch_facts())
    assert found == launch_plan.LaunchPlan(9, "Deploy web", 2, (3,), 8, "", {})
    assert str(found) == "template 9 (Deploy web)"


def test_each_value_has_its_name_in_the_request(
    plan: Callable[..., launch_plan.LaunchPlan],
) -> None:
    found = plan(
        launch_facts(*EVERYTHING), limit="web01", tags="deploy", skip_tags="verify",
        job_type="check", verbosity=0, diff="true", forks=0, extra_vars=["a=1", "b: 2"],
    )  # fmt: skip
    assert found.payload == {
        "limit": "web01", "job_tags": "deploy", "skip_tags": "verify", "job_type": "check",
        "verbosity": 0, "diff_mode": True, "forks": 0, "extra_vars": {"a": "1", "b": 2},
    }  # fmt: skip
    assert found.limit == "web01"


def test_resources_are_sent_as_ids(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
) -> None:
    awx.get("inventories/", page({"id": 4, "name": "Big"}))
    awx.get("labels/", page({"id": 51, "name": "night"}))
    awx.get("labels/52/", {"id": 52, "name": "cron"})
    awx.get("execution_environments/6/", {"id": 6, "name": "EE"})
    awx.get("instance_groups/", page({"id": 7, "name": "default"}))
    awx.get("projects/", page({"id": 11, "name": "Other"}))
    found = plan(
        launch_facts(*EVERYTHING), inventory="Big", labels=["night", "52"],
        execution_environment="6", instance_group=["default"], project="Other",
    )  # fmt: skip
    assert found.payload == {
        "inventory": 4, "labels": [51, 52], "execution_environment": 6, "instance_groups": [7],
    }  # fmt: skip
    assert (found.inventory_id, found.project_id) == (4, 11)


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"limit": "web01"}, "--limit"),
        ({"tags": "x"}, "--tags"),
        ({"skip_tags": "x"}, "--skip-tags"),
        ({"job_type": "check"}, "--job-type"),
        ({"verbosity": 3}, "--verbosity"),
        ({"diff": "true"}, "--diff"),
        ({"forks": 5}, "--forks"),
        ({"environ": {"AWX_LIMIT": "web01"}}, "--limit (from AWX_LIMIT)"),
        ({"limit": "a", "forks": 5}, "--limit, --forks"),
    ],
)
def test_a_value_that_the_template_does_not_ask_for_is_refused_by_name(
    plan: Callable[..., launch_plan.LaunchPlan], flags: dict[str, object], told: str
) -> None:
    with pytest.raises(PreflightFailed) as error:
        plan(launch_facts(), **flags)
    assert f"does not ask for {told}, AWX would drop it" in str(error.value)


@pytest.mark.parametrize(
    ("flag", "collection"),
    [("inventory", "inventories"), ("credential", "credentials"), ("labels", "labels"),
     ("execution_environment", "execution_environments"), ("instance_group", "instance_groups")],
)  # fmt: skip
def test_a_resource_that_the_template_does_not_ask_for_is_refused_by_name(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx, flag: str, collection: str
) -> None:
    awx.get(f"{collection}/77/", {"id": 77, "name": "Other", "credential_type": 1, "inputs": {}})
    with pytest.raises(PreflightFailed, match=f"does not ask for --{flag.replace('_', '-')},"):
        plan(launch_facts(), **{flag: "77"})


def test_naming_what_the_template_has_anyway_is_no_harm(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
) -> None:
    awx.get("inventories/", page())
    own = {**OWN, "execution_environment": {"id": 6, "name": "EE"}}
    for facts in (launch_facts(defaults=own), launch_facts(*EVERYTHING, defaults=own)):
        for named in ("2", "Web servers"):
            flags = {"inventory": named, "credential": ["3"], "execution_environment": "6"}
            found = plan(facts, **flags)
            assert found.payload == {}
            assert (found.inventory_id, found.credential_ids) == (2, (3,))
    # They need not be shown to us: AWX takes them from anybody who may launch.
    assert set(awx.sent) == {
        "GET job_templates/9/", "GET job_templates/9/launch/", "GET inventories/",
    }  # fmt: skip


def test_a_named_url_may_be_the_templates_own_too(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
) -> None:
    awx.get("inventories/Web%20servers%2B%2BDefault/", {"id": 2, "name": "Web servers"})
    assert plan(launch_facts(), inventory="Web servers++Default").payload == {}


def test_a_name_that_something_else_has_too_is_not_taken_for_the_templates_own(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
) -> None:
    awx.get("inventories/", page({"id": 7, "name": "Web servers"}))
    with pytest.raises(PreflightFailed, match=r"more than one .*: 2 \(the template's own\), 7;"):
        plan(launch_facts("inventory"), inventory="Web servers")


def test_own_credentials_are_passed_with_another_of_a_kind_that_the_template_lacks(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
) -> None:
    awx.get("credentials/5/", {"id": 5, "name": "Cloud", "credential_type": 5, "inputs": {}})
    found = plan(launch_facts("credential"), credential=["3", "5"])
    assert found.payload == {"credentials": [3, 5]}
    assert "GET credentials/3/" not in awx.sent


@pytest.mark.parametrize(
    ("flags", "own"),
    [
        ({"environ": {"AWX_DIFF": "false"}}, {"diff_mode": False}),
        ({"diff": "true"}, {"diff_mode": True}),
        ({"limit": "web01"}, {"limit": "web01"}),
        ({"tags": "deploy"}, {"job_tags": "deploy"}),
        ({"job_type": "run", "forks": 5, "verbosity": 0},
         {"job_type": "run", "forks": 5, "verbosity": 0}),
    ],
)  # fmt: skip
def test_a_value_that_the_template_has_anyway_is_let_pass_and_not_sent(
    plan: Callable[..., launch_plan.LaunchPlan], flags: dict[str, object], own: Row
) -> None:
    assert plan(launch_facts(defaults=own), **flags).payload == {}


@pytest.mark.parametrize(
    ("flags", "own", "told"),
    [
        ({"environ": {"AWX_DIFF": "true"}}, {"diff_mode": False}, "--diff (from AWX_DIFF)"),
        ({"environ": {"AWX_DIFF": "false"}}, {"diff_mode": True}, "--diff (from AWX_DIFF)"),
        ({"limit": "web01"}, {"limit": "web02"}, "--limit"),
        ({"forks": 5, "verbosity": 0}, {"forks": 6, "verbosity": 0}, "--forks"),
    ],
)
def test_another_value_than_the_templates_own_is_refused(
    plan: Callable[..., launch_plan.LaunchPlan], flags: dict[str, object], own: Row, told: str
) -> None:
    with pytest.raises(PreflightFailed) as error:
        plan(launch_facts(defaults=own), **flags)
    assert f"this template does not ask for {told}, AWX would drop it" in str(error.value)


def test_a_value_of_its_own_is_sent_where_the_template_asks_for_it(
    plan: Callable[..., launch_plan.LaunchPlan],
) -> None:
    facts = launch_facts("limit", defaults={"limit": "web01"})
    assert plan(facts, limit="web01").payload == {"limit": "web01"}


def test_variables_that_the_template_does_not_ask_for_are_refused_by_name(
    plan: Callable[..., launch_plan.LaunchPlan],
) -> None:
    with pytest.raises(PreflightFailed, match=r"drop these variables .*, it asks for none: a, b"):
        plan(launch_facts(), extra_vars=["b=1", "a=2"])


class TestCredentials:
    OWN = (
        default_credential(),
        default_credential(id=30, name="Cloud", credential_type=5),
        default_credential(id=31, name="Vault", credential_type=3, vault_id="prod"),
        default_credential(id=32, name="Vault 2", credential_type=3, vault_id="test"),
    )

    @pytest.mark.parametrize(
        ("kind", "inputs", "sent"),
        [
            (1, {}, [77, 30, 31, 32]),
            (5, {}, [77, 3, 31, 32]),
            (3, {"vault_id": "prod"}, [77, 3, 30, 32]),
            (3, {"vault_id": "new"}, [77, 3, 30, 31, 32]),
            (9, {}, [77, 3, 30, 31, 32]),
        ],
    )
    def test_one_replaces_that_of_its_kind_and_the_others_are_kept(
        self,
        plan: Callable[..., launch_plan.LaunchPlan],
        awx: FakeAwx,
        kind: int,
        inputs: Row,
        sent: list[int],
    ) -> None:
        awx.get(
            "credentials/77/", {"id": 77, "name": "X", "credential_type": kind, "inputs": inputs}
        )
        facts = launch_facts(*EVERYTHING, defaults={"credentials": list(self.OWN)})
        found = plan(facts, credential=["77"])
        assert found.payload == {"credentials": sent}
        assert found.credential_ids == tuple(sent)

    def test_that_ask_for_a_password_are_refused(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        facts = launch_facts(passwords_needed_to_start=["ssh_password", "become_password"])
        with pytest.raises(PreflightFailed, match="ask at launch for: ssh_password, become_pass"):
            plan(facts)

    def test_that_are_lacking_are_refused(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        facts = launch_facts(credential_needed_to_start=True, defaults={"credentials": []})
        with pytest.raises(PreflightFailed, match="needs a credential: pass --credential"):
            plan(facts)


class TestSurvey:
    @pytest.fixture(autouse=True)
    def _spec(self, awx: FakeAwx) -> None:
        awx.get("job_templates/9/survey_spec/", {"name": "S", "spec": [QUESTION]})

    def test_answers_are_sent_as_variables(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        found = plan(launch_facts(survey_enabled=True), extra_vars=["release=2.0"])
        assert found.payload == {"extra_vars": {"release": "2.0"}}

    def test_a_missing_answer_is_refused_by_name(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        told = r"survey of this template: the answer to 'Release' is missing, pass -e release="
        with pytest.raises(PreflightFailed, match=told):
            plan(launch_facts(survey_enabled=True))

    def test_a_password_that_will_not_do_is_not_repeated(
        self, plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx
    ) -> None:
        question = {**QUESTION, "type": "password", "max": 3}
        spec = {"name": "S", "spec": [question]}
        awx.mock.upsert("GET", address("job_templates/9/survey_spec/"), json=spec)
        told = "^the survey of this template: release must be at most 3 characters$"
        with pytest.raises(PreflightFailed, match=told):
            plan(launch_facts(survey_enabled=True), extra_vars=["release=s3cret"])

    def test_an_answer_to_no_question_is_refused_by_name(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        with pytest.raises(PreflightFailed, match=r"its survey asks for release: other$"):
            plan(launch_facts(survey_enabled=True), extra_vars=["release=2.0 other=1"])

    def test_other_variables_may_be_asked_for_beside_it(
        self, plan: Callable[..., launch_plan.LaunchPlan]
    ) -> None:
        facts = launch_facts("variables", survey_enabled=True)
        found = plan(facts, extra_vars=["release=2.0 other=1"])
        assert found.payload == {"extra_vars": {"release": "2.0", "other": "1"}}


def test_a_default_that_is_sent_is_told(
    plan: Callable[..., launch_plan.LaunchPlan], awx: FakeAwx, caplog: pytest.LogCaptureFixture
) -> None:
    awx.get("job_templates/9/survey_spec/", {"spec": [{**QUESTION, "default": "1.0"}]})
    found = plan(launch_facts(survey_enabled=True))
    assert found.payload == {"extra_vars": {"release": "1.0"}}
    assert "survey answer by default: release=1.0" in caplog.text


def test_no_inventory_is_refused(plan: Callable[..., launch_plan.LaunchPlan]) -> None:
    with pytest.raises(PreflightFailed, match="has no inventory: pass --inventory"):
        plan(launch_facts("inventory", defaults={}), template(inventory=None))


def test_a_template_that_is_not_shown_names_the_role_that_it_takes(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    awx.refuse("GET", "job_templates/9/", 403)
    with pytest.raises(
        Refused, match=r"Not allowed.*execute role; .* --user 'o x' --role execute --template 9$"
    ):
        launch_plan.make(client, settings(), "o x")


def test_a_template_that_this_user_may_not_launch_is_refused(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    capabilities = {"user_capabilities": {"edit": False, "start": False}}
    awx.get("job_templates/9/", template(summary_fields=capabilities))
    with pytest.raises(
        Refused, match=r"lacks the execute role on template 9 .*access grant --user NAME"
    ):
        launch_plan.make(client, settings())


@pytest.mark.parametrize(
    ("text", "others", "told"),
    [
        (
            "77",
            [{"id": 77, "type": "inventory_source"}],
            "'77' is no job template but: inventory source",
        ),
        ("Lab", [{"id": 8, "type": "project"}, {"id": 4, "type": "inventory_source"}],
         "'Lab' is no job template but: inventory source and project"),
        ("Lab", [], "no job template 'Lab'"),
    ],
)  # fmt: skip
def test_something_else_of_that_name_is_told(
    client: Client, settings: Make, awx: FakeAwx, text: str, others: list[Row], told: str
) -> None:
    if text.isdecimal():
        awx.refuse("GET", f"job_templates/{text}/", 404)
    awx.get("job_templates/", page())
    awx.get("unified_job_templates/", page(*others))
    with pytest.raises(PreflightFailed, match=told):
        launch_plan.make(client, settings(template=text))


def test_it_is_made_once_for_all_steps(
    client: Client, settings: Make, awx: FakeAwx, done: Results
) -> None:
    awx.get("job_templates/9/", template())
    awx.get("job_templates/9/launch/", launch_facts())
    first = launch_plan.of_run(client, settings(), done)
    assert launch_plan.of_run(client, settings(), done) is first
    assert len(awx.sent) == 2


@pytest.mark.parametrize(
    ("status", "kind"), [(403, Refused), (404, PreflightFailed), (500, BadAnswer)]
)
def test_trouble_with_it_is_told_as_the_templates_whichever_step_asks_first(
    client: Client,
    settings: Make,
    awx: FakeAwx,
    done: Results,
    status: int,
    kind: type[AppError],
) -> None:
    awx.refuse("GET", "job_templates/9/", status, "No.")
    if kind is PreflightFailed:
        awx.get("job_templates/", page())
        awx.get("unified_job_templates/", page())
        awx.refuse("GET", "workflow_job_templates/9/", 404)
    with pytest.raises(kind) as error:
        launch_plan.of_run(client, settings(), done)
    assert error.value.step == "template"
    assert str(error.value).startswith("template: ")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_of_awx_is_told(
    client: Client, settings: Make, awx: FakeAwx, status: int
) -> None:
    awx.refuse("GET", "job_templates/9/", status)
    with pytest.raises(AppError) as error:
        launch_plan.make(client, settings())
    assert isinstance(error.value, Refused)


class TestWorkflow:
    """A workflow template, which a job template's name or id does not find."""

    TEMPLATE: ClassVar = {
        "id": 22, "type": "workflow_job_template", "name": "Release", "inventory": None,
        "limit": None, "summary_fields": {"user_capabilities": {"start": True}},
    }  # fmt: skip
    FACTS: ClassVar = {
        "ask_variables_on_launch": False, "survey_enabled": False, "ask_limit_on_launch": False,
        "node_templates_missing": [], "node_prompts_rejected": [],
        "defaults": {"inventory": {"name": None, "id": None}, "limit": None, "extra_vars": ""},
    }  # fmt: skip

    @pytest.fixture(autouse=True)
    def _there(self, awx: FakeAwx) -> None:
        awx.refuse("GET", "job_templates/22/", 404)
        awx.get("job_templates/", page())
        awx.get("unified_job_templates/", page(self.TEMPLATE))
        awx.get("workflow_job_templates/22/", self.TEMPLATE)

    def test_is_planned_without_inventory_credentials_and_project(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.get("workflow_job_templates/22/launch/", self.FACTS)
        plan = launch_plan.make(client, settings(template="22"))
        assert (plan.is_workflow, plan.path) == (True, "workflow_job_templates/22/")
        assert (plan.inventory_id, plan.credential_ids, plan.project_id) == (None, (), None)
        assert (plan.limit, plan.payload) == ("", {})

    def test_is_refused_what_it_does_not_ask_for(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        awx.get("workflow_job_templates/22/launch/", self.FACTS)
        with pytest.raises(PreflightFailed, match="does not ask for --limit"):
            launch_plan.make(client, settings(template="22", limit="web*"))

    def test_whose_nodes_lost_their_templates_is_refused(
        self, client: Client, settings: Make, awx: FakeAwx
    ) -> None:
        facts = {**self.FACTS, "node_templates_missing": [5, 6]}
        awx.get("workflow_job_templates/22/launch/", facts)
        with pytest.raises(PreflightFailed, match="nodes of the workflow are gone: 5, 6"):
            launch_plan.make(client, settings(template="22"))


def test_a_name_that_a_workflow_has_too_is_not_guessed(
    client: Client, settings: Make, awx: FakeAwx
) -> None:
    awx.get("job_templates/", page(template(name="Release")))
    awx.get("workflow_job_templates/", page({"id": 22, "name": "Release"}))
    with pytest.raises(PreflightFailed, match=r"job template \(9\) and a workflow template \(22\)"):
        launch_plan.make(client, settings(template="Release"))


def test_a_template_of_no_kind_is_told(client: Client, settings: Make, awx: FakeAwx) -> None:
    awx.get("job_templates/9/", template(type="banana"))
    with pytest.raises(BadAnswer, match="'type' is 'banana'"):
        launch_plan.make(client, settings())


def test_a_default_of_another_shape_is_told_as_another_value(
    plan: Callable[..., launch_plan.LaunchPlan],
) -> None:
    facts = launch_facts(defaults={"limit": {"a": 1}, "credentials": []})
    with pytest.raises(PreflightFailed, match="does not ask for --limit"):
        plan(facts, limit="web01")
