"""How people are found in a directory, and by what they are known; the directory is made up."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_ldap import DirectorySignIn, by_name
from tornado.httputil import HTTPHeaders

NOBODY = {"everybody": False, "domains": [], "groups": [], "organizations": []}
SAID = {
    "method": "ldap", "issuer": "ldap.uni.example", "server": "ldaps://ldap.uni.example", "label": "L", "caFile": "",
    "stripDomain": "", "base": "dc=x", "userAttribute": "uid", "allow": NOBODY, "adminGroups": [], "groups": {},
}  # fmt: skip


def directory(**said: Any) -> DirectorySignIn:
    return DirectorySignIn(settings={**SAID, **said}, secret="")


def answering(code: int, *entries: dict[str, Any]) -> Any:
    response = [{"type": "searchResEntry", "raw_attributes": {}, **entry} for entry in entries]
    result = {"result": code, "description": "made up"}
    return SimpleNamespace(response=response, result=result, search=lambda *_, **__: None)


def test_who_is_not_shown_is_not_known_by_the_name_of_the_entry() -> None:
    for answer in (answering(50), answering(0), answering(52, {"dn": "uid=ana,dc=x"})):
        with pytest.raises(ConnectionError, match="does not show a person their own entry"):
            directory().get_user_attributes(answer, "uid=ana,dc=x")


def test_an_entry_without_an_identifier_is_known_by_the_name_that_the_directory_writes() -> None:
    found = directory().get_user_attributes(answering(0, {"dn": "uid=ana,dc=x"}), "UID = ana , dc=x")
    assert found == {"subject": by_name("uid=ana,dc=x")}


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ({}, True),
        ({"userAttribute": "sAMAccountName"}, False),
        ({"userDn": "uid={username},dc=x"}, True),
        ({"userDn": "cn={username},dc=x"}, False),
    ],
)
def test_member_uid_counts_where_people_are_named_by_uid(said: dict[str, Any], counts: bool) -> None:
    assert ("memberUid" in directory(**said).group_search_filter) is counts


def test_a_name_whose_domain_is_cut_is_looked_for_with_it() -> None:
    by_mail = directory(userAttribute="mail", stripDomain="uni.example")
    assert by_mail.whole_name(by_mail.normalize_username("Ana@UNI.example")) == "ana@uni.example"
    assert by_mail.whole_name("ana@other.example") == "ana@other.example"
    assert directory(stripDomain="uni.example").whole_name("ana") == "ana"


def test_a_wrong_password_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[str] = []
    monkeypatch.setattr("jhub_ldap.note_failure", lambda db, failed, name: noted.append(name))
    method = directory()
    method.ask = lambda name, password: None  # type: ignore[method-assign]
    request = SimpleNamespace(headers=HTTPHeaders(), remote_ip="127.0.0.1")
    handler = SimpleNamespace(db=None, request=request, get_signed_cookie=lambda *_, **__: None)
    assert asyncio.run(method.authenticate(handler, {"username": "Ana", "password": "wrong"})) is None
    assert noted == ["ana"]
