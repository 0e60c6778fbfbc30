"""Signing in with an account of somebody else's, in a real JupyterHub: who gets in, as whom, and until when."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from conftest import AS_ON_A_MACHINE, Browser, Hub, run_hub
from cryptography.hazmat.primitives.asymmetric import rsa
from issuer import CLIENT, SECRET, Issuer, run_issuer
from jhub_methods import find_class
from test_pages import words


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as found:
        yield found


def oidc(issuer: Issuer) -> dict[str, Any]:
    return {
        "method": "oidc",
        "family": "oidc",
        "issuer": issuer.url,
        "clientId": CLIENT,
        "label": "Test University",
        "scopes": ["openid", "profile", "email"],
        "usernameClaim": "preferred_username",
        "stripDomain": "uni.example",
        "groupsClaim": "groups",
        "domainClaim": "email",
        "caFile": "",
        "allow": {"everybody": False, "domains": ["uni.example"], "groups": ["course"], "organizations": []},
        "adminGroups": ["admins"],
        "groups": {"staff": "ta"},
    }


@pytest.fixture(scope="module")
def oidc_hub(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    yield from run_hub(tmp_path_factory.mktemp("oidc"), oidc(issuer), SECRET)


@pytest.fixture(autouse=True)
def fresh(issuer: Issuer, oidc_hub: Hub) -> None:
    issuer.reset()
    for user in oidc_hub.call("GET", "/users")[1]:
        oidc_hub.call("DELETE", f"/users/{user['name']}")
    list_people(oidc_hub, ana={"admin": True}, ben={}, cleo={})


def list_people(hub: Hub, **people: dict[str, Any]) -> None:
    entries = {name: {"admin": False, "groups": [], **entry} for name, entry in people.items()}
    known = {user["name"] for user in hub.call("GET", "/users")[1]}
    missing = [name for name in entries if name not in known]
    if missing:
        assert hub.call("POST", "/users", {"usernames": missing})[0] == 201
    for name, entry in entries.items():
        hub.call("PATCH", f"/users/{name}", {"admin": entry["admin"]})
    assert hub.call("PUT", "/jhub/sign-in", {"people": entries})[0] == 204


numbers = iter(range(10_000))


def come(hub: Hub, issuer: Issuer, name: Any, *, sub: str | None = None, **claims: Any) -> tuple[Browser, int, str]:
    """A browser that signs in; its status and the path where it ended. Without `sub`, an account that nobody has seen."""
    subject = sub or f"sub-{next(numbers)}"
    whole = f"{name}@uni.example" if isinstance(name, str) and "@" not in name else name
    issuer.account = {"sub": subject, "preferred_username": whole, **claims}
    browser = hub.browser()
    return browser, *browser.get("/hub/oauth_login?next=%2Fhub%2Fhome")


def gets_in(hub: Hub, issuer: Issuer, name: Any, *, sub: str | None = None, **claims: Any) -> bool:
    _, status, where = come(hub, issuer, name, sub=sub, **claims)
    return status == 200 and not where.startswith(("/hub/login", "/hub/oauth_callback"))


@pytest.mark.skipif(not AS_ON_A_MACHINE, reason="the configuration of a chart is the chart's")
def test_a_hub_without_jhub_takes_the_people_of_its_configuration(issuer: Issuer, tmp_path: Path) -> None:
    config = tmp_path / "people.py"
    config.write_text(
        "c.Authenticator.admin_users = {'ana'}\n"
        "c.Authenticator.allowed_users = {'Ben@UNI.example'}\n"
        "c.JupyterHub.load_groups = {'own': {'users': ['ben']}, 'ta': ['ana']}\n"
    )
    sign_in = {**oidc(issuer), "people": "configuration"}
    for hub in run_hub(tmp_path, sign_in, SECRET, {"extraConfigFile": str(config)}):
        assert hub.call("GET", "/jhub/sign-in")[1]["people"] == {
            "ana": {"admin": True, "groups": ["ta"]},
            "ben": {"admin": False, "groups": ["own"]},
        }
        assert gets_in(hub, issuer, "ben")
        assert not gets_in(hub, issuer, "stranger")


def test_packages_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "oauthenticator.generic", None)
    monkeypatch.delitem(sys.modules, "jhub_oidc", raising=False)
    with pytest.raises(SystemExit, match=r"no Python package 'oauthenticator\.generic', without which .* by oidc"):
        find_class({"family": "oidc"})


def test_the_login_page_names_the_provider(oidc_hub: Hub) -> None:
    assert "Sign in with Test University" in words(oidc_hub.browser(), "/hub/login")


def test_only_who_is_listed_or_allowed_gets_in(oidc_hub: Hub, issuer: Issuer) -> None:
    assert gets_in(oidc_hub, issuer, "ben")
    assert gets_in(oidc_hub, issuer, "Cleo@UNI.example")
    assert not gets_in(oidc_hub, issuer, "stranger")
    assert gets_in(oidc_hub, issuer, "new", email="new@uni.example", email_verified=True)
    assert gets_in(oidc_hub, issuer, "other", groups=["course"])
    people = {user["name"]: user["admin"] for user in oidc_hub.call("GET", "/users")[1]}
    assert people == {"ana": True, "ben": False, "cleo": False, "new": False, "other": False}


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "x@uni.example", "email_verified": False},
        {"email": "x@uni.example"},
        {"email": "x@uni.example.", "email_verified": True},
        {"email": "x@sub.uni.example", "email_verified": True},
        {"email": "x@evil.example@uni.example", "email_verified": True},
        {"email": "x@uni.example\n", "email_verified": True},
        {"email": ["x@uni.example"], "email_verified": True},
        {"email": "x@uni.example", "email_verified": "yes"},
        {"groups": "course"},
        {"groups": {"course": True}},
        {"groups": ["Course"]},
        {"group": ["course"], "roles": ["admins"], "admin": True, "is_admin": True},
    ],
)
def test_what_only_looks_like_a_rule_opens_nothing(oidc_hub: Hub, issuer: Issuer, claims: dict[str, Any]) -> None:
    browser, status, _ = come(oidc_hub, issuer, "stranger", **claims)
    assert status == 403
    assert "stranger" not in [user["name"] for user in oidc_hub.call("GET", "/users")[1]]
    assert browser.get("/hub/home")[1].startswith("/hub/login")


def test_a_domain_in_capitals_is_the_same_one(oidc_hub: Hub, issuer: Issuer) -> None:
    assert gets_in(oidc_hub, issuer, "dora", email="Dora@UNI.EXAMPLE", email_verified=True)


def test_who_is_refused_reads_why_and_whom_to_ask(oidc_hub: Hub, issuer: Issuer) -> None:
    issuer.account = {"sub": "s", "preferred_username": "stranger@uni.example"}
    text = words(oidc_hub.browser(), "/hub/oauth_login")
    assert "You are not signed in" in text
    assert "stranger is not on this hub's list. If you think" in text, "the reason, then what to do"
    assert text.count("stranger is not on this hub's list.") == 1
    assert "ask the person who runs this hub" in text


def test_admins_are_those_of_the_settings_and_of_the_group(oidc_hub: Hub, issuer: Issuer) -> None:
    ana, *_ = come(oidc_hub, issuer, "ana")
    assert ana.get("/hub/admin")[0] == 200
    ben, *_ = come(oidc_hub, issuer, "ben", sub="ben", groups=["admins"])
    assert ben.get("/hub/admin")[0] == 200
    assert oidc_hub.call("GET", "/jhub/sign-in")[1]["given"]["ben"]["admin"] is True
    assert gets_in(oidc_hub, issuer, "ben", sub="ben", groups=[])
    assert ben.get("/hub/admin")[0] == 403


def test_who_is_demoted_is_no_admin_from_that_moment(oidc_hub: Hub, issuer: Issuer) -> None:
    ana, *_ = come(oidc_hub, issuer, "ana", sub="ana")
    list_people(oidc_hub, ana={}, ben={}, cleo={})
    assert ana.get("/hub/admin")[0] == 403
    again, *_ = come(oidc_hub, issuer, "ana", sub="ana")
    assert again.get("/hub/admin")[0] == 403


def test_an_admin_of_the_hubs_own_pages_lasts_until_the_next_login(oidc_hub: Hub, issuer: Issuer) -> None:
    assert gets_in(oidc_hub, issuer, "ben", sub="ben")
    oidc_hub.call("PATCH", "/users/ben", {"admin": True})
    ben, *_ = come(oidc_hub, issuer, "ben", sub="ben")
    assert ben.get("/hub/admin")[0] == 403


def test_who_is_removed_is_out_at_once_and_stays_out(oidc_hub: Hub, issuer: Issuer) -> None:
    claims = {"email": "eve@uni.example", "email_verified": True}
    eve, *_ = come(oidc_hub, issuer, "eve", sub="eve", **claims)
    token = oidc_hub.call("POST", "/users/eve/tokens", {})[1]["token"]
    assert oidc_hub.call("DELETE", "/users/eve")[0] == 204
    assert eve.get("/hub/home")[1].startswith("/hub/login")
    assert oidc_hub.call("GET", "/user", token=token)[0] == 403
    assert not gets_in(oidc_hub, issuer, "eve", sub="eve", **claims)
    assert not gets_in(oidc_hub, issuer, "eve-again", sub="eve", **claims), "by another name"
    assert not gets_in(oidc_hub, issuer, "eve", sub="other", **claims), "by another account"
    assert "eve" in oidc_hub.call("GET", "/jhub/sign-in")[1]["removed"]
    list_people(oidc_hub, eve={})
    assert gets_in(oidc_hub, issuer, "eve", sub="eve", **claims), "the settings file names her again"


def test_a_token_works_no_longer_than_its_person_may_stay(oidc_hub: Hub) -> None:
    made = oidc_hub.call("POST", "/users/ben/tokens", {})[1]
    assert made["expires_at"] is not None
    assert oidc_hub.call("POST", "/users/ben/tokens", {"expires_in": 10**8})[0] == 400
    list_people(oidc_hub, ana={"admin": True}, cleo={})
    assert oidc_hub.call("GET", "/user", token=made["token"])[0] == 403


def test_a_rehearsal_works_by_tokens_and_nobody_signs_in_as_one_of_its_people(oidc_hub: Hub, issuer: Issuer) -> None:
    for _ in range(2):
        oidc_hub.call("POST", "/users", {"usernames": ["jhub-rehearsal-1"]})
        token = oidc_hub.call("POST", "/users/jhub-rehearsal-1/tokens", {"expires_in": 6 * 3600})[1]["token"]
        assert oidc_hub.call("GET", "/user", token=token)[0] == 200
        assert not gets_in(oidc_hub, issuer, "jhub-rehearsal-1", groups=["course"])
        assert oidc_hub.call("DELETE", "/users/jhub-rehearsal-1")[0] == 204


def test_a_name_stays_with_its_account(oidc_hub: Hub, issuer: Issuer) -> None:
    assert gets_in(oidc_hub, issuer, "ben", sub="first")
    assert not gets_in(oidc_hub, issuer, "ben", sub="second")
    assert not gets_in(oidc_hub, issuer, "cleo", sub="first"), "an account with a new name is not somebody else"
    oidc_hub.call("DELETE", "/users/ben")
    list_people(oidc_hub, ana={"admin": True}, ben={}, cleo={})
    assert gets_in(oidc_hub, issuer, "ben", sub="second"), "removed and named again: somebody new"
    assert not gets_in(oidc_hub, issuer, "ben", sub="first")


def test_a_rule_does_not_open_a_name_that_is_there(oidc_hub: Hub, issuer: Issuer) -> None:
    oidc_hub.call("POST", "/users", {"usernames": ["made-by-hand"]})
    assert not gets_in(oidc_hub, issuer, "made-by-hand", groups=["course"])


def test_groups_follow_the_provider_and_leave_those_of_the_settings(oidc_hub: Hub, issuer: Issuer) -> None:
    for name in ("ta", "own"):
        oidc_hub.call("POST", f"/groups/{name}")
    list_people(oidc_hub, ben={"groups": ["own"]}, cleo={"groups": ["ta"]})
    oidc_hub.call("POST", "/groups/own/users", {"users": ["ben"]})
    oidc_hub.call("POST", "/groups/ta/users", {"users": ["cleo"]})

    def groups(name: str) -> list[str]:
        return sorted(oidc_hub.call("GET", f"/users/{name}")[1]["groups"])

    assert gets_in(oidc_hub, issuer, "ben", sub="ben", groups=["staff", "unknown"])
    assert groups("ben") == ["own", "ta"]
    assert gets_in(oidc_hub, issuer, "ben", sub="ben", groups=[])
    assert groups("ben") == ["own"]
    assert gets_in(oidc_hub, issuer, "cleo", sub="cleo", groups=[])
    assert groups("cleo") == ["ta"]


@pytest.mark.parametrize(
    "spoil",
    [
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"exp": None},
    ],
)
def test_a_token_that_is_not_for_this_hub_opens_nothing(oidc_hub: Hub, issuer: Issuer, spoil: dict[str, Any]) -> None:
    issuer.spoil = spoil
    assert not gets_in(oidc_hub, issuer, "ben")
    issuer.spoil = {}
    assert gets_in(oidc_hub, issuer, "ben")


def test_a_token_by_another_key_opens_nothing(oidc_hub: Hub, issuer: Issuer) -> None:
    issuer.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert not gets_in(oidc_hub, issuer, "ben")


def test_userinfo_of_somebody_else_opens_nothing(oidc_hub: Hub, issuer: Issuer) -> None:
    issuer.userinfo = {"sub": "somebody-else"}
    assert not gets_in(oidc_hub, issuer, "ben")


@pytest.mark.parametrize("name", [None, "", "  ", 7, ["ben"], "a/b", "-rf", "..", "x" * 300, "a b"])
def test_what_cannot_be_a_name_is_none(oidc_hub: Hub, issuer: Issuer, name: Any) -> None:
    assert not gets_in(oidc_hub, issuer, name, groups=["course"])


@pytest.mark.parametrize(
    "written",
    ["ｂｅｎ@uni.example", "beⁿ@uni.example", "ben@uni.example@uni.example", "ben@ｕｎｉ.example", "ben"],
)
def test_no_other_account_has_a_name_of_the_list(oidc_hub: Hub, issuer: Issuer, written: str) -> None:
    browser = oidc_hub.browser()
    issuer.account = {"sub": written, "preferred_username": written, "groups": ["course"]}
    text = words(browser, "/hub/oauth_login?next=%2Fhub%2Fhome")
    assert "The name that Test University has of you" in text
    assert gets_in(oidc_hub, issuer, "BEN", groups=["course"])


@pytest.mark.parametrize("place", ["https://evil.example/hub/home", "//evil.example", "/\\evil.example", "\t//evil.example"])
def test_the_next_page_is_the_hubs_own(oidc_hub: Hub, issuer: Issuer, place: str) -> None:
    issuer.account = {"sub": "ben", "preferred_username": "ben@uni.example"}
    browser = oidc_hub.browser()
    _, where = browser.get(f"/hub/oauth_login?{urlencode({'next': place})}")
    assert re.match("/(hub|user)/", where)
    assert browser.get("/hub/home") == (200, "/hub/home")


def test_a_way_back_is_good_once_and_in_one_browser(
    oidc_hub: Hub, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    led: list[str] = []
    lead = issuer.authorize
    monkeypatch.setattr(issuer, "authorize", lambda query: led.append(lead(query)) or led[-1])
    browser, status, _ = come(oidc_hub, issuer, "ben", sub="ben")
    assert status == 200
    again = led[0].removeprefix(oidc_hub.url)
    for other in (browser, oidc_hub.browser()):
        assert other.get(again)[0] == 400


def test_who_logs_out_is_out(oidc_hub: Hub, issuer: Issuer) -> None:
    browser, *_ = come(oidc_hub, issuer, "ben", sub="ben")
    assert browser.get("/hub/home") == (200, "/hub/home")
    assert browser.get("/hub/logout")[1].startswith("/hub/login")
    assert browser.get("/hub/home")[1].startswith("/hub/login")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", (200, b"garbage")),
        ("/token", (500, b"{}")),
        ("/token", (200, b"{}")),
        ("/token", (200, b'{"access_token": "x", "token_type": "Bearer"}')),
        ("/userinfo", (200, b"[]")),
        ("/userinfo", (401, b"")),
    ],
)
def test_garbage_of_the_provider_is_said_and_opens_nothing(
    oidc_hub: Hub, issuer: Issuer, path: str, answer: tuple[int, bytes]
) -> None:
    issuer.answers[path] = answer
    browser, status, _ = come(oidc_hub, issuer, "ben")
    assert status in (403, 503)
    assert browser.get("/hub/home")[1].startswith("/hub/login")


def test_a_changed_state_opens_nothing(oidc_hub: Hub, issuer: Issuer) -> None:
    issuer.account = {"sub": "ben", "preferred_username": "ben"}
    browser = oidc_hub.browser()
    browser.get("/hub/oauth_login?next=%2Fhub%2Fhome")
    other = oidc_hub.browser()
    assert other.get("/hub/oauth_callback?code=code0&state=bm90aGluZw==")[0] == 400
    assert other.get("/hub/oauth_callback?code=code0")[0] == 400
    assert other.get("/hub/oauth_callback?error=access_denied&state=x")[0] == 403
    assert other.get("/hub/home")[1].startswith("/hub/login")


def test_nobody_comes_by_a_password(oidc_hub: Hub) -> None:
    assert not oidc_hub.browser().login("ana", "correct horse battery")
    assert oidc_hub.call("GET", "/jhub/passwords")[0] == 404
    assert oidc_hub.browser().get("/hub/signup")[0] == 404


def test_an_admin_comes_once_by_a_link(oidc_hub: Hub) -> None:
    assert oidc_hub.call("POST", "/jhub/once", {"name": "ana"}, token="wrong")[0] == 403
    for name in ("ben", "nobody", 7):
        assert oidc_hub.call("POST", "/jhub/once", {"name": name})[0] == 404
    path = oidc_hub.call("POST", "/jhub/once", {"name": "ana"})[1]["path"]
    browser = oidc_hub.browser()
    assert browser.get(f"/hub{path}")[1].startswith("/hub/home")
    assert browser.get("/hub/admin")[0] == 200
    assert oidc_hub.browser().get(f"/hub{path}")[0] == 403
    assert oidc_hub.browser().get("/hub/once?token=guess")[0] == 403


@pytest.mark.parametrize("name", ["jhub-rehearsal-1", "JHUB-Rehearsal-1@uni.example"])
def test_nobody_signs_in_under_a_name_of_rehearsals(oidc_hub: Hub, issuer: Issuer, name: str) -> None:
    assert not gets_in(oidc_hub, issuer, name, groups=["course"])
    token = oidc_hub.call("POST", "/users/ana/tokens", {"expires_in": 60})[1]["token"]
    assert oidc_hub.call("POST", "/users", {"usernames": [name]}, token=token)[0] == 400
    assert oidc_hub.call("PATCH", "/users/ben", {"name": name}, token=token)[0] == 400
    assert {user["name"] for user in oidc_hub.call("GET", "/users")[1]} == {"ana", "ben", "cleo"}


def test_only_the_operator_says_who_is_listed(oidc_hub: Hub, issuer: Issuer) -> None:
    assert oidc_hub.call("PUT", "/jhub/sign-in", {"people": {}}, token="")[0] == 403
    token = oidc_hub.call("POST", "/users/ben/tokens", {})[1]["token"]
    assert oidc_hub.call("PUT", "/jhub/sign-in", {"people": {}}, token=token)[0] == 403
    assert oidc_hub.call("GET", "/jhub/sign-in", token=token)[0] == 403
    for people in ([], {"ana": None}, {"ana": {"admin": 1, "groups": []}}, {"a/b": {"admin": True, "groups": []}}):
        assert oidc_hub.call("PUT", "/jhub/sign-in", {"people": people})[0] == 400
    assert gets_in(oidc_hub, issuer, "ben")
