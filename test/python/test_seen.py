"""What the hub says of people on the day: who came in, who tried in vain, whose server did not start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from conftest import LONG, Hub
from jhub_seen import LONGEST_REASON, FailedLogins, failed_start


def seen(hub: Hub) -> dict[str, Any]:
    status, answer = hub.call("GET", "/jhub/seen")
    assert status == 200
    people: dict[str, Any] = answer["people"]
    return people


def test_who_never_came_in_is_not_there(hub: Hub, ana: str) -> None:
    assert ana not in seen(hub)
    assert hub.browser().login(ana, LONG)
    assert seen(hub)[ana]["lastLogin"].endswith("Z")


def test_a_server_that_an_operator_started_is_no_login(hub: Hub, ana: str) -> None:
    assert hub.call("POST", f"/users/{ana}/activity", {"last_activity": "2026-01-01T00:00:00Z"})[0] == 200
    assert "lastLogin" not in seen(hub).get(ana, {})


def test_wrong_passwords_are_counted_until_the_right_one(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert not browser.login(ana, "wrong")
    assert not browser.login(ana, "wrong again")
    assert seen(hub)[ana]["failedLogins"] == 2
    assert browser.login(ana, LONG)
    assert "failedLogins" not in seen(hub)[ana]


def test_a_name_that_is_nobodys_is_not_kept(hub: Hub) -> None:
    assert not hub.browser().login("stranger-to-all", "wrong")
    assert "stranger-to-all" not in seen(hub)


def test_who_is_removed_is_forgotten(hub: Hub, ana: str) -> None:
    assert hub.browser().login(ana, LONG)
    assert hub.call("DELETE", f"/users/{ana}")[0] == 204
    assert ana not in seen(hub)
    assert hub.call("POST", "/users", {"usernames": [ana]})[0] == 201
    assert ana not in seen(hub)


@pytest.mark.parametrize("token", ["", "wrong"])
def test_only_the_operator_may_ask(hub: Hub, token: str) -> None:
    assert hub.call("GET", "/jhub/seen", token=token)[0] == 403


def test_an_ordinary_users_token_may_not(hub: Hub, ana: str) -> None:
    token = hub.call("POST", f"/users/{ana}/tokens", {})[1]["token"]
    assert hub.call("GET", "/jhub/seen", token=token)[0] == 403


def test_names_that_are_counted_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jhub_seen.MOST_NAMES", 3)
    failed = FailedLogins()
    for name in "abcde":
        failed.add(name)
    assert list(failed.of) == ["c", "d", "e"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("no room"), "no room"),
        (RuntimeError(), "RuntimeError"),
        (SimpleNamespace(jupyterhub_message="The hub is full."), "The hub is full."),
        (RuntimeError("x" * 10_000), "x" * LONGEST_REASON),
    ],
)
def test_why_a_start_failed(error: Any, said: str) -> None:
    future = SimpleNamespace(exception=lambda: error)
    assert failed_start(SimpleNamespace(_failed=True, _spawn_future=future)) == said
    assert failed_start(SimpleNamespace(_failed=False)) is None
    assert failed_start(None) is None
