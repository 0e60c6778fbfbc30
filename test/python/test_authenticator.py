"""The authenticator in a real JupyterHub: who may log in, from when, and until when."""

from __future__ import annotations

import itertools

import pytest
from conftest import Hub

numbers = itertools.count()
LONG = "a long enough phrase"


@pytest.fixture
def ana(hub: Hub) -> str:
    """A new user with the password LONG."""
    name = f"ana{next(numbers)}"
    assert hub.call("POST", "/users", {"usernames": [name]})[0] == 201
    assert hub.call("PUT", f"/jhub/users/{name}/password", {"password": LONG})[0] == 204
    return name


def test_a_password_counts_at_once(hub: Hub, ana: str) -> None:
    assert hub.browser().login(ana, LONG)
    assert not hub.browser().login(ana, LONG + "!")
    assert not hub.browser().login("stranger", LONG)


@pytest.mark.parametrize("name", ["cleo.doe@uni.example", "20251234", "josé", "李雷"])
def test_names_of_every_kind_log_in(hub: Hub, name: str) -> None:
    from urllib.parse import quote

    hub.call("POST", "/users", {"usernames": [name]})
    assert hub.call("PUT", f"/jhub/users/{quote(name)}/password", {"password": LONG})[0] == 204
    assert hub.browser().login(name.upper(), LONG)


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/jhub/users/x/password"), ("PUT", "/jhub/passwords"), ("GET", "/jhub/passwords")]
)
def test_only_the_operator_may(hub: Hub, method: str, path: str, token: str) -> None:
    assert hub.call(method, path, {} if method == "PUT" else None, token=token)[0] == 403


def test_an_ordinary_users_token_may_not(hub: Hub, ana: str) -> None:
    token = hub.call("POST", f"/users/{ana}/tokens", {})[1]["token"]
    assert hub.call("PUT", f"/jhub/users/{ana}/password", {"password": LONG}, token=token)[0] == 403


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"not json", 400, "json"),
        ([], 400, "JSON object"),
        ({"password": 5}, 400, "not a text"),
        ({"password": "short"}, 400, "at least 10 characters"),
        ({"password": "short", "generated": True}, 400, "at least 10 characters"),
        ({"password": "1234567890"}, 400, "most common"),
    ],
)
def test_what_cannot_be_a_password_is_refused(hub: Hub, ana: str, body: object, status: int, words: str) -> None:
    answered, answer = hub.call("PUT", f"/jhub/users/{ana}/password", body)
    assert answered == status
    assert words.lower() in answer["message"].lower()
    assert hub.browser().login(ana, LONG)


def test_many_are_set_together_or_not_at_all(hub: Hub, ana: str) -> None:
    answered, answer = hub.call("PUT", "/jhub/passwords", {"passwords": {ana: "another long one", "nobody": LONG}})
    assert (answered, answer["message"]) == (404, "no such user: nobody")
    assert hub.browser().login(ana, LONG)
    assert hub.call("PUT", "/jhub/passwords", {"passwords": {ana: "another long one"}})[0] == 204
    assert hub.browser().login(ana, "another long one")
    assert ana in hub.call("GET", "/jhub/passwords")[1]["names"]
    assert hub.call("PUT", "/jhub/passwords", {})[0] == 400


def test_a_reset_ends_the_old_password_open_logins_and_tokens(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    token = hub.call("POST", f"/users/{ana}/tokens", {})[1]["token"]
    assert hub.call("GET", "/user", token=token)[0] == 200
    hub.call("PUT", f"/jhub/users/{ana}/password", {"password": "k7mp-x2wd-9rta", "generated": True})
    assert not hub.browser().login(ana, LONG)
    assert hub.browser().login(ana, "k7mp-x2wd-9rta")
    assert browser.get("/hub/home")[1].startswith("/hub/login")
    assert hub.call("GET", "/user", token=token)[0] == 403


def test_people_change_their_own_password(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get("/hub/change-password")[0] == 200
    fields = {"new_password": "another long phrase", "new_password_confirmation": "another long phrase"}
    browser.post("/hub/change-password", old_password="not the old one", **fields)
    assert hub.browser().login(ana, LONG)
    browser.post("/hub/change-password", old_password=LONG, **fields)
    assert not hub.browser().login(ana, LONG)
    assert hub.browser().login(ana, "another long phrase")


def test_who_is_removed_cannot_come_back(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert hub.call("DELETE", f"/users/{ana}")[0] == 204
    assert browser.get("/hub/home")[1].startswith("/hub/login")
    assert not hub.browser().login(ana, LONG)
    assert ana not in hub.call("GET", "/jhub/passwords")[1]["names"]
    hub.call("POST", "/users", {"usernames": [ana]})
    assert not hub.browser().login(ana, LONG), "somebody new of that name must not get the old password"


def test_an_admin_who_was_demoted_stays_so(hub: Hub, ana: str) -> None:
    hub.call("PATCH", f"/users/{ana}", {"admin": True})
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get("/hub/admin")[0] == 200
    hub.call("PATCH", f"/users/{ana}", {"admin": False})
    assert browser.get("/hub/admin")[0] == 403
    again = hub.browser()
    assert again.login(ana, LONG)
    assert again.get("/hub/admin")[0] == 403


@pytest.mark.parametrize(
    "path", ["/hub/signup", "/hub/authorize", "/hub/authorize/ana", "/hub/confirm/x", "/hub/change-password/ana"]
)
def test_there_is_no_other_way_in(hub: Hub, ana: str, path: str) -> None:
    hub.call("PATCH", f"/users/{ana}", {"admin": True})
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get(path)[0] == 404


def test_who_guesses_too_often_has_to_wait(hub: Hub, ana: str) -> None:
    for guess in range(10):
        assert not hub.browser().login(ana, f"guess number {guess}")
    assert not hub.browser().login(ana, LONG)
    hub.call("PUT", f"/jhub/users/{ana}/password", {"password": LONG})
    assert hub.browser().login(ana, LONG), "the operator's reset ends the wait"
