"""People whom `jhub rehearse` makes up, on a real hub where others sign in by a method without passwords of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Hub, run_hub

PASSWORD = "the password of the room"
NAME = "jhub-rehearsal-1"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """A hub where everybody has one password. An admin, ana, is on it."""
    sign_in = {
        "method": "shared-password",
        "family": "shared-password",
        "issuer": "shared-password",
        "label": "Sign in",
        "stripDomain": "",
        "allow": {"everybody": True, "domains": [], "groups": [], "organizations": []},
        "adminGroups": [],
        "groups": {},
    }
    for hub in run_hub(tmp_path_factory.mktemp("room"), sign_in, PASSWORD):
        assert hub.call("POST", "/users", {"usernames": ["ana"], "admin": True})[0] == 201
        assert hub.call("PUT", "/jhub/sign-in", {"people": {"ana": {"admin": True, "groups": []}}})[0] == 204
        yield hub


def test_nobody_else_gets_such_a_name(room: Hub) -> None:
    assert room.browser().login("ben", PASSWORD)
    assert not room.browser().login(NAME, PASSWORD)
    assert not room.browser().login("JHUB-Rehearsal-1", PASSWORD)
    token = room.call("POST", "/users/ana/tokens", {"expires_in": 60})[1]["token"]
    assert room.call("POST", "/users", {"usernames": [NAME]}, token=token)[0] == 400
    assert room.call("PATCH", "/users/ben", {"name": NAME}, token=token)[0] == 400
    assert {user["name"] for user in room.call("GET", "/users")[1]} == {"ana", "ben"}


def test_who_is_made_up_comes_by_token_and_not_by_the_password(room: Hub) -> None:
    assert room.call("POST", "/users", {"usernames": [NAME]})[0] == 201
    assert room.call("POST", "/groups/jhub-rehearsal", {"users": [NAME]})[0] == 201
    token = room.call("POST", f"/users/{NAME}/tokens", {"expires_in": 60})[1]["token"]
    status, seen = room.call("GET", "/user", token=token)
    assert (status, seen.get("name")) == (200, NAME)
    assert not room.browser().login(NAME, PASSWORD)
    assert room.call("DELETE", f"/users/{NAME}")[0] == 204
    assert room.call("DELETE", "/groups/jhub-rehearsal")[0] == 204


def test_a_removed_one_leaves_no_row_behind(room: Hub) -> None:
    assert room.call("POST", "/users", {"usernames": [NAME, "cleo"]})[0] == 201
    for name in (NAME, "cleo"):
        assert room.call("DELETE", f"/users/{name}")[0] == 204
    assert room.call("GET", "/jhub/sign-in")[1]["removed"] == ["cleo"]
