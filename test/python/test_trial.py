"""A test login: the operator sees what was said of somebody and what would come of it, and nobody is let in."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Browser, Hub, run_hub
from issuer import SECRET, Issuer, run_issuer
from jhub_sign_in import SignIn
from jhub_trial import LONGEST_TEXT, MOST_TRIALS, Trials, shown
from jupyterhub.auth import Authenticator
from test_pages import words
from test_sign_in import list_people, oidc
from tornado import web


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with run_issuer() as found:
        yield found


@pytest.fixture(scope="module")
def hub(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    yield from run_hub(tmp_path_factory.mktemp("trial"), oidc(issuer), SECRET)


@pytest.fixture(autouse=True)
def fresh(issuer: Issuer, hub: Hub) -> None:
    issuer.reset()
    list_people(hub, ana={"admin": True}, ben={})


def tried(hub: Hub, issuer: Issuer, **claims: Any) -> tuple[Browser, dict[str, Any]]:
    """A browser in which somebody signed in by the link of a test login, and what the operator sees of it."""
    status, made = hub.call("POST", "/jhub/trial")
    assert status == 200
    assert hub.call("GET", f"/jhub/trial?id={made['id']}")[1] == {"state": "waiting"}
    issuer.account = {"sub": "trial", **claims}
    browser = hub.browser()
    assert "The test is done" in words(browser, f"/hub{made['path']}")
    seen = hub.call("GET", f"/jhub/trial?id={made['id']}")[1]
    assert seen["state"] == "done"
    assert hub.browser().get(f"/hub{made['path']}")[0] == 403, "the link works once"
    return browser, seen["result"]


def test_whoever_would_come_in_is_not_let_in(hub: Hub, issuer: Issuer) -> None:
    browser, result = tried(hub, issuer, sub="ana", preferred_username="Ana@uni.example", groups=["admins"], access_token="very secret")
    assert (result["name"], result["getsIn"], result["admin"]) == ("ana", True, True)
    assert result["why"] == "ana is in the settings file."
    assert result["claims"]["preferred_username"] == "Ana@uni.example"
    assert result["claims"]["access_token"] == "(not shown)"
    assert result["counts"]["groups"] == ["admins"]
    assert browser.get("/hub/home")[1].startswith("/hub/login")
    assert hub.call("GET", "/jhub/sign-in")[1]["given"] == {}, "no name is bound by it"
    assert browser.get("/hub/oauth_login?next=%2Fhub%2Fhome")[1].startswith("/hub/home"), "the next login is a real one"


@pytest.mark.parametrize(
    ("claims", "name", "gets_in", "why"),
    [
        ({"preferred_username": "zoe@uni.example"}, "zoe", False, "zoe is not on this hub's list."),
        ({"preferred_username": "zoe@uni.example", "groups": ["course"]}, "zoe", True, "By allow.groups: course."),
        (
            {"preferred_username": "zoe@uni.example", "email": "z@uni.example", "email_verified": True},
            "zoe",
            True,
            "By allow.domains: uni.example.",
        ),
        ({"preferred_username": "zoe@uni.example", "groups": ["admins"]}, "zoe", True, "By adminGroups: admins."),
        ({}, None, False, "Test University did not say your preferred_username, which is your name on this hub."),
    ],
)
def test_it_says_why(
    hub: Hub, issuer: Issuer, claims: dict[str, Any], name: str | None, gets_in: bool, why: str
) -> None:
    _, result = tried(hub, issuer, **claims)
    assert (result["name"], result["getsIn"], result["why"]) == (name, gets_in, why)
    assert result["claims"]["sub"] == "trial"
    assert "zoe" not in [user["name"] for user in hub.call("GET", "/users")[1]]


def test_only_the_operator_makes_and_reads_one(hub: Hub) -> None:
    token = hub.call("POST", "/users/ben/tokens", {})[1]["token"]
    made = hub.call("POST", "/jhub/trial")[1]
    of_admin = hub.call("POST", "/users/ana/tokens", {})[1]["token"]
    assert hub.call("GET", "/users", token=of_admin)[0] == 200
    for other in (token, of_admin, ""):
        assert hub.call("POST", "/jhub/trial", token=other)[0] == 403
        assert hub.call("GET", f"/jhub/trial?id={made['id']}", token=other)[0] == 403
    assert hub.call("GET", "/jhub/trial?id=other")[1] == {"state": "gone"}
    assert hub.browser().get("/hub/trial?token=guess")[0] == 403


def test_a_login_whose_trial_is_gone_is_refused_once(hub: Hub, issuer: Issuer) -> None:
    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    issuer.account = {"sub": "ben", "preferred_username": "ben@uni.example"}
    made = hub.call("POST", "/jhub/trial")[1]
    browser = hub.browser()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(browser.jar), Stay)
    with pytest.raises(urllib.error.HTTPError, match="302"):
        opener.open(f"{hub.url}/hub{made['path']}")
    assert hub.call("GET", f"/jhub/trial?id={made['id']}")[1] == {"state": "open"}
    for _ in range(MOST_TRIALS):
        hub.call("POST", "/jhub/trial")
    assert hub.call("GET", f"/jhub/trial?id={made['id']}")[1] == {"state": "gone"}
    login = "/hub/oauth_login?next=%2Fhub%2Fhome"
    assert browser.get(login)[0] == 403
    assert browser.get(login)[1].startswith("/hub/home")


def test_what_leaves_the_hub_has_no_tokens_and_a_size() -> None:
    signed = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0."
    said = {"id_token": "x", "nested": {"clientSecret": "x", "list": [signed, 1, None, True]}, "long": "x" * 1000}
    assert shown(said) == {
        "id_token": "(not shown)",
        "nested": {"clientSecret": "(not shown)", "list": ["(not shown)", 1, None, True]},
        "long": "x" * LONGEST_TEXT,
    }
    assert shown({"a": {"b": {"c": {"d": {"e": 1}}}}})["a"]["b"]["c"]["d"] == "…"
    assert len(shown(list(range(1000)))) == 100


def test_a_browser_whose_trial_is_gone_is_not_let_in_either() -> None:
    trials = Trials()
    cleared: list[str] = []

    def browser(number: bytes | None) -> Any:
        return SimpleNamespace(
            get_signed_cookie=lambda *_, **__: number,
            clear_cookie=lambda name, **_: cleared.append(name),
            hub=SimpleNamespace(base_url="/hub/"),
        )

    number, key = trials.make()
    assert trials.open(key) == number
    assert trials.of(browser(None)) is None
    assert trials.of(browser(number.encode())) is trials.trials[number]
    trials.trials[number].result = {}
    for gone in (number.encode(), b"of a hub before"):
        with pytest.raises(web.HTTPError, match="This test login has ended"):
            trials.of(browser(gone))
    assert cleared == ["jhub-trial"] * 2


def test_a_class_that_fails_ends_the_test_login_with_a_sentence() -> None:
    class Broken(Authenticator):
        async def authenticate(self, handler: Any, data: Any) -> Any:
            raise ZeroDivisionError

    class Leaving(Authenticator):
        async def authenticate(self, handler: Any, data: Any) -> Any:
            raise web.Finish

    settings = {
        "issuer": "x", "stripDomain": "", "adminGroups": [], "groups": {},
        "allow": {"everybody": True, "domains": [], "groups": [], "organizations": []},
    }  # fmt: skip
    broken, leaving = (type("Tried", (SignIn, kind), {})(settings=settings) for kind in (Broken, Leaving))
    result = asyncio.run(broken.try_out(SimpleNamespace(), {}))
    assert (result["getsIn"], result["why"]) == (False, "Signing in failed. Why: jhub logs")
    with pytest.raises(web.Finish):
        asyncio.run(leaving.try_out(SimpleNamespace(), {}))


def test_too_many_are_not_kept() -> None:
    trials = Trials()
    keys = [trials.make()[1] for _ in range(50)]
    assert len(trials.trials) == 20
    assert trials.open(keys[0]) is None
    assert trials.open(keys[-1]) is not None
    assert trials.open(keys[-1]) is None
