"""A frozen moment of an embedded AWX, with a run in every state, for the contract test."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import requests

from tests.demo.people import REDIRECT_URI, People

if TYPE_CHECKING:
    from demo.aliases import Json
    from demo.server import DemoServer


class Clock:
    """A clock that moves when told."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self.time = start

    def __call__(self) -> float:
        return self.time

    def tick(self, seconds: float) -> None:
        self.time += seconds


class Stage:
    """Sets the scene; `ids` has every id that the table of requests names."""

    def __init__(self, server: DemoServer, clock: Clock) -> None:
        self.server, self.clock = server, clock
        self.ids: dict[str, int | str] = {}
        self.tokens = {name: self._token(name) for name in ("admin", "operator")}
        self.tokens["read"] = self._token("admin", "read")
        self.tokens["deleted"] = self._token("admin")
        self.tokens["spare"] = self._token("admin")
        mine = {t.token: t.id for t in server.awx.tokens.values()}
        self.ids["token"] = mine[self.tokens["admin"]]
        self.ids["other_token"] = self._other()
        self.ids["spare_token"] = self.tokens["spare"]
        self.people = People(server.url)
        self._grants()
        self._past()
        self._present()
        given = {"role_definition": 8, "user": 3, "object_id": "10"}
        self.ids["assignment"] = self.call("POST", "role_user_assignments/", given)["id"]

    def _token(self, user: str, scope: str = "write") -> str:
        made = requests.post(
            f"{self.server.url}/api/v2/tokens/",
            json={"scope": scope},
            auth=(user, "password"),
            timeout=10,
        )
        return str(made.json()["token"])

    def _other(self) -> int:
        value = self._token("admin")
        return next(t.id for t in self.server.awx.tokens.values() if t.token == value)

    def _grants(self) -> None:
        people = self.people
        spare, used = (people.password_grant() for _ in range(2))
        self.ids["refresh_token"] = spare["refresh_token"]
        self.ids["used_refresh_token"] = used["refresh_token"]
        self.tokens["refreshed away token"] = used["access_token"]
        form = {"grant_type": "refresh_token", "refresh_token": used["refresh_token"]}
        self.tokens["refreshed token"] = people.grant("demo-password", form)["access_token"]
        self.ids["code"], self.ids["used_code"] = people.code(), people.code()
        people.code_grant(str(self.ids["used_code"]))
        self.ids["redirect_uri"] = quote(REDIRECT_URI, safe="")
        form = {
            "name": "Public", "organization": "1", "client_type": "public",
            "authorization_grant_type": "password",
        }  # fmt: skip
        self.ids["public_client"] = self.call("POST", "applications/", form)["client_id"]

    def call(self, method: str, path: str, body: Json = None) -> Json:
        """Send a request as the administrator and return its JSON."""
        answer = requests.request(
            method,
            f"{self.server.url}/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.tokens['admin']}"},
            timeout=10,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else {}

    def launch(self, name: str, template: int, body: Json = None) -> int:
        """Launch a template and note the id under a name."""
        made = self.call("POST", f"job_templates/{template}/launch/", body or {})
        self.ids[name] = made["id"]
        return int(made["id"])

    def _workflow(self, name: str, template: int) -> int:
        made = self.call("POST", f"workflow_job_templates/{template}/launch/", {})
        self.ids[name] = made["id"]
        return int(made["id"])

    def _update(self, name: str, project: int) -> None:
        self.ids[name] = self.call("POST", f"projects/{project}/update/", {})["id"]

    def _approval(self, workflow: int) -> int:
        nodes = self.call("GET", f"workflow_jobs/{workflow}/workflow_nodes/")["results"]
        return int(nodes[0]["job"])

    def _past(self) -> None:
        self.ids["past"] = next(iter(self.server.awx.jobs.kept))
        for name, template in (
            ("done", 9),
            ("failed", 10),
            ("flaky", 11),
            ("missing_playbook", 30),
            ("error", 31),
            ("unreachable", 16),
            ("big", 13),
            ("update_on_launch", 29),
            ("sliced", 17),
            ("spare_done", 21),
        ):
            self.launch(name, template)
        self.launch("survey", 14, {"extra_vars": {"release": "1", "target_env": "dev"}})
        self.launch("ask", 28, {"ssh_password": "x", "become_password": "y"})
        self.launch("prompts", 15, {"extra_vars": {"version": "2"}, "limit": "web01"})
        for name, credential in (("adhoc", 3), ("adhoc_failed", 4)):
            body = {"module_name": "ping", "credential": credential, "limit": "web01"}
            made = self.call("POST", "inventories/2/ad_hoc_commands/", body)
            self.ids[name] = made["id"]
        for _ in range(4):
            made = self.call("POST", "notification_templates/1/test/", {})
            self.ids["notification"] = made["notification"]
        self._update("update_done", 8)
        self._update("update_failed", 6)
        self.launch("canceled", 35)
        self.clock.tick(30)
        self.call("POST", f"jobs/{self.ids['canceled']}/cancel/", {})
        denied, approved = self._workflow("wf_denied", 23), self._workflow("wf_approved", 23)
        self._workflow("wf_done", 22)
        self.clock.tick(1)
        self.call("POST", f"workflow_approvals/{self._approval(denied)}/deny/", {})
        self.ids["approved"] = self._approval(approved)
        self.call("POST", f"workflow_approvals/{self.ids['approved']}/approve/", {})
        for _ in range(30):
            self.clock.tick(2)
            self.call("GET", "me/")
        nodes = self.call("GET", f"workflow_jobs/{self.ids['sliced']}/workflow_nodes/")
        self.ids["slice"] = nodes["results"][0]["job"]
        events = self.call("GET", f"jobs/{self.ids['failed']}/job_events/")
        self.ids["event"] = events["results"][0]["id"]
        self.ids["flaky_again"] = self.call("POST", f"jobs/{self.ids['flaky']}/relaunch/")["id"]
        body = {"hosts": "failed"}
        again = self.call("POST", f"jobs/{self.ids['failed']}/relaunch/", body)
        self.ids["relaunched_failed"] = again["id"]
        self.clock.tick(60)

    def _present(self) -> None:
        """Launch runs so that each is in its state at the moment where the clock stops."""
        jobs = self.server.awx.jobs
        stop = self.clock.time + 100

        def at(seconds_before: float) -> None:
            self.clock.time = stop - seconds_before

        at(55)
        self.launch("running", 12)
        at(50)
        self.launch("blocked50", 12)
        at(40)
        self.launch("canceled_pending", 12)
        at(39)
        self.call("POST", f"jobs/{self.ids['canceled_pending']}/cancel/", {})
        at(30)
        self.launch("spare_running", 35)
        self.launch("cancelling", 35)
        at(10)
        self.launch("blocked", 12)
        self.launch("spare_pending", 12)
        at(9)
        canceled = self._workflow("wf_canceled", 23)
        at(8)
        self.call("POST", f"workflow_jobs/{canceled}/cancel/", {})
        waiting = [
            self._workflow(name, 23) for name in ("wf_running", "wf_approve", "wf_deny", "wf_spare")
        ]
        for name, template in (("just_done", "done"), ("just_failed", "failed")):
            run = jobs[int(self.ids[template])]
            at(run.script.duration + 0.41)
            self.launch(name, run.template.id)
        at(1)
        self.call("POST", f"jobs/{self.ids['cancelling']}/cancel/", {})
        self._update("update_running", 5)
        at(0.3)
        self.launch("waiting", 13)
        self._update("update_waiting", 8)
        at(0)
        self._update("update_pending", 8)
        self.launch("pending", 21)
        for name, workflow in zip(
            ("approval", "approval_to_approve", "approval_to_deny"), waiting, strict=False
        ):
            self.ids[name] = self._approval(workflow)
        self.tokens["revoked"] = self._token("admin")
        for token in list(self.server.awx.tokens.values()):
            if token.token in {self.tokens["revoked"], self.tokens["deleted"]}:
                del self.server.awx.tokens[token.id]
