"""Signing in with GitHub, at a stand-in that speaks as its documentation does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Hub, run_hub
from issuer import CLIENT, SECRET, Issuer, run_issuer


@pytest.fixture(scope="module")
def github() -> Iterator[Issuer]:
    with run_issuer() as found:
        yield found


@pytest.fixture(scope="module")
def github_hub(github: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    sign_in = {
        "method": "github",
        "family": "github",
        "issuer": github.url,
        "clientId": CLIENT,
        "label": "GitHub",
        "scopes": ["read:org"],
        "usernameClaim": "login",
        "stripDomain": "",
        "groupsClaim": "groups",
        "domainClaim": "email",
        "caFile": "",
        "allow": {"everybody": False, "domains": [], "groups": ["Uni:course"], "organizations": ["Lab"]},
        "adminGroups": ["uni:admins"],
        "groups": {"uni:staff": "ta"},
    }
    yield from run_hub(tmp_path_factory.mktemp("github"), sign_in, SECRET)


def gets_in(hub: Hub, github: Issuer, login: str, number: Any, **known: list[str]) -> bool:
    github.account = {"login": login, "id": number}
    github.organizations, github.teams = known.get("organizations", []), known.get("teams", [])
    status, where = hub.browser().get("/hub/oauth_login?next=%2Fhub%2Fhome")
    return status == 200 and where == "/hub/home"


def test_people_come_by_name_organization_and_team(github_hub: Hub, github: Issuer) -> None:
    github_hub.call("POST", "/users", {"usernames": ["ana", "ben"]})
    people = {name: {"admin": False, "groups": []} for name in ("ana", "ben")}
    assert github_hub.call("PUT", "/jhub/sign-in", {"people": people})[0] == 204
    assert gets_in(github_hub, github, "Ana", 1)
    assert not gets_in(github_hub, github, "stranger", 2)
    assert gets_in(github_hub, github, "cleo", 3, organizations=["lab"])
    assert not gets_in(github_hub, github, "dan", 4, organizations=["laboratory"], teams=["uni:other"])
    assert gets_in(github_hub, github, "eva", 5, teams=["uni:admins"])
    assert github_hub.call("GET", "/users/eva")[1]["admin"] is True
    assert gets_in(github_hub, github, "ben", 6, teams=["uni:staff"])
    assert github_hub.call("GET", "/users/ben")[1]["groups"] == ["ta"]


def test_a_name_that_somebody_else_took_over_at_github_is_not_theirs_here(github_hub: Hub, github: Issuer) -> None:
    assert gets_in(github_hub, github, "fay", 7, organizations=["lab"])
    assert not gets_in(github_hub, github, "fay", 8, organizations=["lab"])


@pytest.mark.parametrize("number", [None, "9", True])
def test_an_account_without_a_number_is_none(github_hub: Hub, github: Issuer, number: Any) -> None:
    assert not gets_in(github_hub, github, "gus", number, organizations=["lab"])


def test_github_that_is_down_opens_nothing(github_hub: Hub, github: Issuer) -> None:
    github.answers["/api/v3/user"] = (500, b"")
    assert not gets_in(github_hub, github, "cleo", 3, organizations=["lab"])
    github.reset()
