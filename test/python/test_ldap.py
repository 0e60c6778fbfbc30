"""How people are found in a directory, and by what they are known; the directory is made up."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_ldap import DirectorySignIn, by_name
from ldap3.core.exceptions import LDAPSocketOpenError
from ldap3.utils import tls_backport
from test_provider import make_certificate, run_provider
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
        with pytest.raises(ConnectionError, match="does not show the entry of a person"):
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


@pytest.mark.parametrize(("certified", "is_known"), [("127.0.0.1", True), ("127.0.0.2", False)])
def test_a_certificate_for_an_address_is_known_in_every_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certified: str, is_known: bool
) -> None:
    # What ldap3 takes from Python 3.12 on.
    monkeypatch.setattr("ldap3.core.tls.match_hostname", tls_backport.match_hostname)
    certificate = make_certificate(tmp_path, "directory", certified)
    with run_provider(b"", certificate) as url:
        method = directory(server=url.replace("https", "ldaps"), caFile=str(certificate))
        if is_known:
            assert isinstance(method.connect(None, None).socket, ssl.SSLSocket)
        else:
            with pytest.raises(LDAPSocketOpenError, match="IP address mismatch"):
                method.connect(None, None)


class Answers:
    """A connection that says who asked last."""

    def __init__(self, *passwords: str) -> None:
        self.passwords = passwords
        self.asks_as = ""
        self.result = {"result": 49, "description": "invalidCredentials"}

    def bind(self) -> bool:
        self.asks_as = "uid=ana,dc=x"
        return "of ana" in self.passwords

    def rebind(self, user: str, password: str) -> bool:
        self.asks_as = user
        return password in self.passwords


def test_what_is_asked_of_a_person_is_asked_as_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    method = DirectorySignIn(settings={**SAID, "bindDn": "cn=hub"}, secret="of the hub")
    for passwords, asks_as in ((["of ana", "of the hub"], "cn=hub"), (["of the hub"], None)):
        monkeypatch.setattr(method, "connect", lambda *_, passwords=passwords: Answers(*passwords))
        found = method.get_connection("uid=ana,dc=x", "of ana")
        assert (found and found.asks_as) == asks_as
    monkeypatch.setattr(method, "connect", lambda *_: Answers("of ana"))
    with pytest.raises(ConnectionError, match="the hub's own account"):
        method.get_connection("uid=ana,dc=x", "of ana")
