"""Nobody gets in whom `jhub auth show` did not announce: made-up settings files, their sentences, and the real classes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, partial
from types import ModuleType, SimpleNamespace
from typing import Any

import jhub_ldap
import jhub_lti
import pytest
from conftest import NODE, ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jhub_allow import Account
from jhub_methods import use_method
from jhub_names import normalise_name
from jupyterhub.auth import Authenticator
from test_allow import find_user, new_database
from tornado import web
from tornado.httputil import HTTPHeaders
from traitlets.config import Config

# Of each method, of which jhub accepts some.
FILES = 60
PASSWORD = "the room is open"
COURSE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ELSEWHERE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"


@cache
def cases() -> list[dict[str, Any]]:
    """`settings` of the hub and `who`, the sentences of `jhub auth show`, of each settings file that jhub accepts."""
    path = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    argv = [str(NODE.parent / "tsx"), str(ROOT / "test/python/announce.ts"), str(FILES)]
    ran = subprocess.run(argv, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True)
    return list(json.loads(ran.stdout))


people = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["ana", "Ana", "ben@uni.example", "cleo@uni.example", "eve", "eve@uni.example", "ａna", "a/b"]),
        "domain": st.sampled_from(["uni.example", "UNI.EXAMPLE", "cs.uni.example", "uni.example.", "uni.example.evil.example"]),
        "verified": st.sampled_from([True, False, None, "yes"]),
        "groups": st.frozensets(st.sampled_from(["staff", "STAFF", "Learner", "lab:team", "cn=staff,dc=uni,dc=example"])),
        "organizations": st.frozensets(st.sampled_from(["lab", "laboratory"])),
        "idp": st.sampled_from(["https://idp.uni.example", "https://evil.example"]),
        "is_text": st.booleans(),
    }
)


class Said(Authenticator):
    """Says what it is told."""

    said: Any = None

    async def authenticate(self, handler: Any, data: Any) -> Any:
        return self.said


@pytest.fixture(scope="module", autouse=True)
def stand_ins() -> Iterator[None]:
    """A class of others', and what only a browser could send."""
    with pytest.MonkeyPatch.context() as patch:
        module = ModuleType("announced")
        module.Said = Said  # type: ignore[attr-defined]
        patch.setitem(sys.modules, "announced", module)
        patch.setattr(jhub_lti, "PlatformCallbackHandler", SimpleNamespace)
        patch.setattr(jhub_ldap, "remember_browser", lambda *_: None)
        yield


def arrives(method: Any, said: dict[str, Any], person: dict[str, Any], db: Any) -> Any:
    """Has somebody sign in, by what the provider says of them; gives what the class makes of it."""
    groups = sorted(person["groups"])
    email = f"{person['name'].partition('@')[0]}@{person['domain']}"
    # Groups as one text are none.
    claims = {"sub": "1", "email": email, "email_verified": person["verified"], "groups": "staff" if person["is_text"] else groups}
    match said["family"]:
        case "oidc":
            names = dict.fromkeys(("preferred_username", "eppn"), person["name"])
            info = {**claims, **names, "hd": person["domain"], "idp": person["idp"], "isMemberOf": groups}
            model = {"name": method.user_info_to_username(info), "auth_state": {method.user_auth_state_key: info}}
            return asyncio.run(method.update_auth_model(model))
        case "github":
            orgs = frozenset(person["organizations"])
            return {"name": person["name"], "account": Account(method.issuer, "1", groups=frozenset(groups), organizations=orgs)}
        case "lti":
            roles = [f"{COURSE if group == 'Learner' else ELSEWHERE}{group}" for group in groups]
            return asyncio.run(method.authenticate(SimpleNamespace(), {**claims, f"{jhub_lti.CLAIMS}roles": roles}))
        case "ldap":
            asked = [group for group in method.allowed_groups if group in groups]
            state = {"ldap_groups": asked, "user_attributes": {"subject": "1"}}
            method.ask = lambda name, _: {"name": name, "auth_state": state}
        case "class":
            Said.said = {"name": person["name"], "admin": True, "groups": groups}
    request = SimpleNamespace(headers=HTTPHeaders(), remote_ip="127.0.0.1")
    handler = SimpleNamespace(db=db, request=request, get_signed_cookie=lambda *_, **__: None)
    return asyncio.run(method.authenticate(handler, {"username": person["name"], "password": PASSWORD}))


def comes(method: Any, said: dict[str, Any], person: dict[str, Any], db: Any) -> tuple[str, bool] | None:
    """The name and admin rights of whoever gets in; `None` when nobody does."""
    try:
        found = arrives(method, said, person, db)
        if found is None:
            return None
        name = method.normalize_username(found["name"])
        if not method.validate_username(name):
            return None
        handler = SimpleNamespace(db=db, user_from_username=partial(find_user, db))
        last = asyncio.run(method.run_post_auth_hook(handler, {**found, "name": name}))
    except web.HTTPError as error:
        assert error.status_code == 403
        return None
    return name, bool(last["admin"])


ANYBODY = (
    r"Everybody with an account at (?!one of).+ can sign in\.",
    r"Everybody of the tenant can sign in\.",
    r"Everybody whom .+ lets through can sign in\.",
    r"Everybody who opens the hub from (?!any course).+ can sign in\.",
    r"Anybody with the room's password can sign in, with any name that is not an admin's\.",
)
NOBODY = (
    r"Nobody can sign in by name\.",
    r"Anybody with the password can use anybody else's name, and can see that person's files\.",
)


def is_meant(sentence: str, name: str, person: dict[str, Any]) -> tuple[bool, bool]:
    """Whether a sentence of `jhub auth show` lets somebody in, and as admin. Fails on a sentence that nobody has seen."""
    groups = frozenset() if person["is_text"] else person["groups"]
    if any(re.fullmatch(each, sentence) for each in ANYBODY):
        return True, False
    if any(re.fullmatch(each, sentence) for each in NOBODY):
        return False, False
    if "institutions under identityProviders" in sentence:
        return person["idp"] == "https://idp.uni.example", False
    if found := re.fullmatch(r"Everybody with a verified e-mail address of (\S+) can sign in\.", sentence):
        return person["verified"] is True and person["domain"].lower() == found[1], False
    if found := re.fullmatch(r"Everybody with an account of (\S+) at Google Workspace can sign in\.", sentence):
        return person["domain"].lower() == found[1], False
    if found := re.fullmatch(r"Everybody in the organization (\S+) of \S+ can sign in\.", sentence):
        return found[1] in person["organizations"], False
    if found := re.fullmatch(r".* with the role (\S+) can sign in(, as admin)?\.", sentence):
        return found[1] == "Learner" and "Learner" in person["groups"], found[2] is not None
    if found := re.fullmatch(r"Everybody in the group (\S+) of \S+ can sign in(, as admin)?\.", sentence):
        return found[1] in (person["groups"] if "cn=" in found[1] else groups | person["groups"]), found[2] is not None
    if found := re.fullmatch(r".*with any of these names: (.*)\.|(.*) can sign in with .*", sentence):
        return name in (found[1] or found[2]).split(", "), False
    assert re.fullmatch(r"Admins \(.*\) sign in by a link: `jhub open --admin`\.", sentence), sentence
    return False, False


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.deferred(lambda: st.sampled_from(cases())), crowd=st.lists(people, min_size=15, max_size=15))
def test_whoever_gets_in_is_whom_auth_show_announces(case: dict[str, Any], crowd: list[dict[str, Any]]) -> None:
    said, who = case["settings"], case["who"]
    listed = {name: each["admin"] for name, each in case["people"].items()}
    config = Config()
    use_method(config, said, PASSWORD)
    method = config.JupyterHub.authenticator_class(config=config)
    for person in crowd:
        came = comes(method, said, person, new_database(listed))
        if came is None:
            continue
        name, admin = came
        meant = [is_meant(sentence, name, person) for sentence in who]
        assert any(gets_in for gets_in, _ in meant), (who, name)
        assert not admin or listed.get(name) or any(gets_in and as_admin for gets_in, as_admin in meant), (who, name)
        assert name == normalise_name(name)
