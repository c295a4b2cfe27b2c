from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rows import page, template
from utils.errors import PreflightFailed, Refused
from utils.find import find
from utils.find import find_template as find_any_template

if TYPE_CHECKING:
    from tests.fake_awx import FakeAwx
    from utils.awx_client import Client


def find_template(client: Client, text: str) -> int:
    return find(client, "job_templates", text, "job template").integer("id")


def test_digits_are_an_id(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/9/", template())
    assert find_template(client, "9") == 9


def test_digits_that_are_no_id_are_a_name(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "job_templates/2024/", 404)
    awx.get("job_templates/", page(template(id=7, name="2024")))
    assert find_template(client, "2024") == 7
    assert awx.queries("job_templates/") == [{"name": "2024", "order_by": "id"}]


def test_a_name_is_looked_for_as_it_is_written(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/", page(template(name="Deploy & größe/web")))
    assert find_template(client, "Deploy & größe/web") == 9
    assert awx.queries("job_templates/")[0]["name"] == "Deploy & größe/web"


def test_a_named_url_is_asked_for_as_one(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/Deploy%20web%2B%2BDefault/", template())
    assert find_template(client, "Deploy web++Default") == 9


def test_nothing_found_is_told(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/", page())
    with pytest.raises(PreflightFailed, match="no job template 'Deploy', or it is not shown"):
        find_template(client, "Deploy")


def test_a_named_url_that_is_none_is_told(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "job_templates/Deploy%2B%2BX/", 404)
    awx.get("job_templates/", page())
    with pytest.raises(PreflightFailed, match=r"no job template 'Deploy\+\+X'"):
        find_template(client, "Deploy++X")
    assert awx.queries("job_templates/")[0] == {"name": "Deploy++X", "order_by": "id"}


@pytest.mark.parametrize("text", ["Deploy wbe", "deploy web", "Deploy"])
def test_a_slip_is_told_what_may_be_meant(client: Client, awx: FakeAwx, text: str) -> None:
    awx.get("job_templates/", page())
    awx.get("job_templates/", page(template(name="Deploy web"), template(name="Backup")))
    with pytest.raises(PreflightFailed, match="is 'Deploy web' meant"):
        find_template(client, text)


def test_a_name_with_two_plus_signs_is_found_by_name(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "job_templates/Build%20C%2B%2B/", 404)
    awx.get("job_templates/", page(template(id=7, name="Build C++")))
    assert find_template(client, "Build C++") == 7


def test_a_slash_in_a_named_url_does_not_lead_elsewhere(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/a%2Fb%2B%2BDefault/", template())
    assert find_template(client, "a/b++Default") == 9


def test_a_name_that_fits_two_lists_both(client: Client, awx: FakeAwx) -> None:
    first = template(id=7, summary_fields={"organization": {"id": 1, "name": "Default"}})
    awx.get("job_templates/", page(first, template(id=9, summary_fields={})))
    with pytest.raises(
        PreflightFailed, match=r"2 job templates .* 7 in Default, 9; name one by id"
    ):
        find_template(client, "Deploy web")


def test_a_name_that_fits_very_many_lists_a_few(client: Client, awx: FakeAwx) -> None:
    awx.get("job_templates/", page(*(template(id=each) for each in range(100, 125))))
    with pytest.raises(PreflightFailed, match="25 job templates") as error:
        find_template(client, "Deploy web")
    assert "104" in str(error.value)
    assert "105" not in str(error.value)


def test_what_this_user_may_not_see_is_refused(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "job_templates/9/", 403)
    with pytest.raises(Refused):
        find_template(client, "9")


def test_a_workflow_that_is_not_shown_to_us_is_refused_and_not_missed(
    client: Client, awx: FakeAwx
) -> None:
    """A real AWX answers 404 below job_templates/, leaves it out of lists, and 403 to its id."""
    awx.refuse("GET", "job_templates/20/", 404)
    awx.get("job_templates/", page())
    awx.get("unified_job_templates/", page())
    awx.refuse("GET", "workflow_job_templates/20/", 403)
    with pytest.raises(Refused):
        find_any_template(client, "20")


def test_an_id_of_nothing_is_no_template(client: Client, awx: FakeAwx) -> None:
    awx.refuse("GET", "job_templates/20/", 404)
    awx.get("job_templates/", page())
    awx.get("unified_job_templates/", page())
    awx.refuse("GET", "workflow_job_templates/20/", 404)
    with pytest.raises(PreflightFailed, match="has no job template '20'"):
        find_any_template(client, "20")
