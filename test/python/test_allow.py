"""Nobody gets in whom the rules do not name: made-up rules and people, before the classes that decide it in a hub."""

from __future__ import annotations

import asyncio
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jhub_allow import Account, Rules, email_domain, texts, verified_domain
from jhub_class import class_of
from jhub_github import GithubSignIn
from jhub_ldap import DirectorySignIn
from jhub_lti import PlatformSignIn
from jhub_naming import FormerName, Naming, naming_of
from jhub_oidc import OidcSignIn
from jhub_people import Known, Listed, Method, Removed, end_logins_of, free_names, may_stay
from jhub_shared_password import RoomSignIn
from jhub_sign_in import SignIn
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool
from tornado import web

from jupyterhub import orm

WORDS = ["a", "b", "A", "a.b", ""]
NAMES = ["ana", "ben", "cleo"]
word_sets = st.frozensets(st.sampled_from(WORDS), max_size=2)
rules = st.fixed_dictionaries(
    {
        "everybody": st.booleans(),
        "domains": st.lists(st.sampled_from(["a", "b", "a.b"]), max_size=2),
        "groups": st.lists(st.sampled_from(WORDS), max_size=2),
        "organizations": st.lists(st.sampled_from(["a", "b"]), max_size=2),
    }
)
people = st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=3)
accounts = st.builds(
    Account, st.just("issuer"), st.sampled_from(["1", "2", "3"]), domains=word_sets, groups=word_sets, organizations=word_sets
)
# Somebody comes, or somebody is removed.
events = st.lists(st.one_of(st.tuples(st.sampled_from(NAMES), accounts), st.sampled_from(NAMES)), max_size=8)
ENGINE = create_engine("sqlite://", poolclass=StaticPool)
orm.Base.metadata.create_all(ENGINE)
DATABASE = Session(ENGINE)
ANY = class_of({"class": "jupyterhub.auth:DummyAuthenticator"})
CLASSES = [OidcSignIn, GithubSignIn, RoomSignIn, DirectorySignIn, PlatformSignIn, ANY]


def new_database(listed: dict[str, bool]) -> Session:
    db = DATABASE
    db.rollback()
    db.execute(orm.user_group_map.delete())
    of_logins = (Method, orm.APIToken, orm.OAuthClient, orm.Service, orm.Spawner, orm.Server)
    for table in (*of_logins, Listed, Removed, Known, FormerName, Naming, orm.User, orm.Group):
        db.query(table).delete()
    db.commit()
    db.expunge_all()
    for name, admin in listed.items():
        db.add(orm.User(name=name))
        db.add(Listed(name=name, admin=admin, groups=[]))
    db.commit()
    return db


def new_class(kind: type[SignIn], allow: dict[str, Any], admin_groups: list[str]) -> SignIn:
    """The real class, with everything in its own configuration that would open it."""
    said = {
        "method": "m", "issuer": "issuer", "server": "ldaps://ldap.uni.example", "clientId": "hub", "label": "L", "scopes": [], "caFile": "", "stripDomain": "",
        "usernameClaim": "login", "groupsClaim": "groups", "domainClaim": "email",
        "base": "dc=x", "userAttribute": "uid", "authorizeUrl": "https://x", "keysUrl": "https://x",
        "allow": allow, "adminGroups": admin_groups, "groups": {},
    }  # fmt: skip
    open_wide: dict[str, Any] = {"allow_all": True, "admin_users": set(NAMES), "allowed_users": set(NAMES)}
    return kind(settings=said, secret="a long enough secret", **open_wide)


def comes(method: SignIn, db: Session, name: str, account: Account) -> bool | None:
    """Whether somebody gets in, and then whether as admin; `None` when not."""
    handler = SimpleNamespace(db=db, user_from_username=partial(find_user, db))
    said = {"name": name, "admin": True, "roles": [{"name": "admin"}], "account": account}
    try:
        found = asyncio.run(method.run_post_auth_hook(handler, said))
    except web.HTTPError as error:
        assert error.status_code == 403
        return None
    assert (found["groups"], found["roles"]) == (None, None)
    return bool(found["admin"])


def find_user(db: Session, name: str) -> Any:
    """Somebody of the hub, as JupyterHub's handlers give them: made where there was nobody."""
    user = orm.User.find(db, name)
    if user is None:
        user = orm.User(name=name)
        db.add(user)
        db.commit()
    return SimpleNamespace(orm_user=user)


@pytest.mark.parametrize("kind", CLASSES)
@settings(max_examples=60, deadline=None)
@given(allow=rules, admin_groups=st.lists(st.sampled_from(WORDS), max_size=1), listed=people, happens=events)
def test_whoever_gets_in_was_announced(
    kind: type[SignIn], allow: dict[str, Any], admin_groups: list[str], listed: dict[str, bool], happens: list[Any]
) -> None:
    method, db = new_class(kind, allow, admin_groups), new_database(listed)
    owners: dict[str, str] = {}
    names: dict[str, str] = {}
    gone: set[str] = set()
    removed: set[str] = set()
    for event in happens:
        if isinstance(event, str):
            user = orm.User.find(db, event)
            if user is not None:
                method.delete_user(SimpleNamespace(db=db, name=event))
                db.delete(user)
                db.commit()
                listed.pop(event, None)
                gone.add(event)
                owner = owners.pop(event, None)
                if owner is not None:
                    removed.add(owner)
                    del names[owner]
            continue
        name, account = event
        admin = comes(method, db, name, account)
        makes_admin = bool(set(admin_groups) & account.groups)
        by_rule = (
            allow["everybody"]
            or bool(set(allow["domains"]) & account.domains)
            or bool(set(allow["groups"]) & account.groups)
            or bool(set(allow["organizations"]) & account.organizations)
            or makes_admin
        )
        if admin is None:
            # Who is named and alone with that name is never kept out.
            others = name in owners or account.subject in names
            assert not (name in listed and not others)
            continue
        assert name in listed or (by_rule and name not in gone and account.subject not in removed)
        removed.discard(account.subject)
        assert owners.setdefault(name, account.subject) == account.subject
        assert names.setdefault(account.subject, name) == name
        assert admin == (listed.get(name, False) or makes_admin)
        assert may_stay(db, method.rules, "issuer", name)


@pytest.mark.parametrize("kind", CLASSES)
def test_an_account_that_nobody_vouches_for_is_none(kind: type[SignIn]) -> None:
    method, db = new_class(kind, {"everybody": True, "domains": [], "groups": [], "organizations": []}, []), new_database({})
    for account in (None, {"issuer": "issuer", "subject": "1"}, "ana"):
        assert comes(method, db, "ana", account) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("idp", [None, "urn:other", ["urn:uni"], ""])
def test_only_accounts_of_the_institutions_that_are_named_count(idp: Any) -> None:
    everybody = {"everybody": True, "domains": [], "groups": [], "organizations": []}
    method = new_class(OidcSignIn, everybody, [])
    method.settings = {**method.settings, "identityProviders": ["urn:uni"]}
    assert method.account_of({"sub": "1", "idp": "urn:uni"}).subject == "1"  # type: ignore[attr-defined]
    with pytest.raises(web.HTTPError) as refusal:
        method.account_of({"sub": "1", "idp": idp})  # type: ignore[attr-defined]
    assert refusal.value.status_code == 403


def test_a_rule_that_is_taken_back_ends_what_it_gave() -> None:
    everybody = {"everybody": True, "domains": [], "groups": [], "organizations": []}
    method, db = new_class(OidcSignIn, everybody, []), new_database({"ana": False})
    for number, name in enumerate(("ana", "ben")):
        assert comes(method, db, name, Account("issuer", str(number))) is False
    closed = Rules.of(new_class(OidcSignIn, {**everybody, "everybody": False}, []).settings)
    assert [may_stay(db, closed, "issuer", name) for name in ("ana", "ben", "nobody")] == [True, False, False]


def test_an_admin_by_a_rule_is_none_without_it() -> None:
    nobody = {"everybody": False, "domains": [], "groups": [], "organizations": []}
    method, db = new_class(OidcSignIn, nobody, ["staff"]), new_database({"ana": True, "ben": False})
    staff = frozenset(["staff"])
    for number, name in enumerate(("ana", "ben", "cleo")):
        assert comes(method, db, name, Account("issuer", str(number), groups=staff)) is True

    def refreshed(method: SignIn, name: str) -> Any:
        method.database = lambda: db  # type: ignore[method-assign]
        return asyncio.run(method.refresh_user(SimpleNamespace(name=name, admin=True)))

    assert [refreshed(method, name) for name in ("ana", "ben", "cleo")] == [True, True, True]
    without = new_class(OidcSignIn, nobody, [])
    assert refreshed(without, "ana") is True
    assert refreshed(without, "ben") == {"name": "ben", "admin": False}
    assert refreshed(without, "cleo") is False


def test_another_method_ends_all_tokens_but_those_of_running_servers_and_services() -> None:
    db = new_database({"ana": False, "ben": False})
    users = {name: orm.User.find(db, name) for name in ("ana", "ben")}
    service = orm.Service(name="jhub", admin=True)
    runs, stopped = orm.Spawner(user=users["ana"], name="", server=orm.Server()), orm.Spawner(user=users["ben"], name="")
    db.add_all([service, runs, stopped])
    db.add_all([orm.OAuthClient(identifier=name) for name in ("jupyterhub", "jupyterhub-user-ana")])
    db.commit()

    def add(note: str, scopes: list[str], client: str = "jupyterhub", **owner: Any) -> None:
        db.add(orm.APIToken(note=note, scopes=scopes, client_id=client, prefix=note[:4], hashed=note, **owner))

    def of_server(name: str) -> list[str]:
        return ["users:activity!user", f"access:servers!server={name}/"]

    add("runs", of_server("ana"), user=users["ana"])
    add("stopped", of_server("ben"), user=users["ben"])
    add("own", ["inherit"], user=users["ana"])
    add("Server at /user/ana/", [*of_server("ana"), "inherit"], user=users["ana"])
    add("activity", ["users:activity!user"], user=users["ana"])
    add("page", of_server("ana"), client="jupyterhub-user-ana", user=users["ana"])
    add("service", ["inherit"], service=service)
    db.commit()

    def notes() -> set[str]:
        return {token.note for token in db.query(orm.APIToken)}

    end_logins_of(db, "password")
    assert len(notes()) == 7
    end_logins_of(db, "oidc https://login.uni.example")
    assert notes() == {"runs", "service"}


def test_other_names_of_the_same_accounts_leave_the_old_ones_to_whoever_had_them() -> None:
    everybody = {"everybody": True, "domains": [], "groups": [], "organizations": []}
    method, db = new_class(OidcSignIn, everybody, []), new_database({})
    one, two = Account("issuer", "1"), Account("issuer", "2")
    assert free_names(db, "issuer", "email") is False
    assert comes(method, db, "ana@uni.example", one) is False
    assert comes(method, db, "ana", one) is None, "an account has one name"
    assert comes(method, db, "ben", two) is False
    assert free_names(db, "issuer", "email") is False
    assert free_names(db, "issuer", "email uni.example") is True
    assert not may_stay(db, method.rules, "issuer", "ana@uni.example")
    assert comes(method, db, "ben", one) is None, "the home of somebody else"
    assert comes(method, db, "ana", one) is False
    assert comes(method, db, "ana@uni.example", two) is None
    assert free_names(db, "issuer", "email") is True
    assert comes(method, db, "ana", two) is None
    assert comes(method, db, "ana@uni.example", one) is False, "and back again"


def test_names_that_were_made_nobody_knows_how_may_change() -> None:
    everybody = {"everybody": True, "domains": [], "groups": [], "organizations": []}
    method, db = new_class(OidcSignIn, everybody, []), new_database({})
    one, two = Account("issuer", "1"), Account("issuer", "2")
    assert comes(method, db, "ana@uni.example", one) is False
    assert free_names(db, "issuer", "email uni.example") is True, "an older hub wrote down no naming"
    assert comes(method, db, "ana@uni.example", two) is None
    assert comes(method, db, "ana", one) is False


def test_who_was_removed_stays_out_by_another_name() -> None:
    everybody = {"everybody": True, "domains": [], "groups": [], "organizations": []}
    method, db = new_class(OidcSignIn, everybody, []), new_database({})
    one, two = Account("issuer", "1"), Account("issuer", "2")
    free_names(db, "issuer", "email")
    for name, account in (("ana@uni.example", one), ("ben@uni.example", two)):
        assert comes(method, db, name, account) is False

    def remove(name: str) -> None:
        method.delete_user(SimpleNamespace(db=db, name=name))
        db.delete(orm.User.find(db, name))
        db.commit()

    remove("ana@uni.example")
    free_names(db, "issuer", "email uni.example")
    remove("ben@uni.example")
    assert comes(method, db, "ana", one) is None
    assert comes(method, db, "ben", two) is None, "removed by the name of before"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"usernameClaim": "email"}, {"usernameClaim": "login"}, False),
        ({"userAttribute": "uid"}, {"userAttribute": "uid", "userDn": "uid={username},dc=x"}, True),
        ({"userAttribute": "uid"}, {"userAttribute": "UID"}, True),
        ({"userAttribute": "uid"}, {"userAttribute": "uid", "stripDomain": "uni.example"}, False),
        ({"config": {"server": "a"}}, {"config": {"server": "b"}}, False),
        ({"config": {"a": 1, "b": 2}}, {"config": {"b": 2, "a": 1}}, True),
    ],
)
def test_how_names_are_made(one: dict[str, Any], other: dict[str, Any], same: bool) -> None:
    made = [naming_of({"stripDomain": "", **said}) for said in (one, other)]
    assert (made[0] == made[1]) is same


def test_other_names_end_logins() -> None:
    db = new_database({"ana": False})
    end_logins_of(db, "oidc x")
    before = orm.User.find(db, "ana").cookie_id
    end_logins_of(db, "oidc x")
    assert orm.User.find(db, "ana").cookie_id == before
    end_logins_of(db, "oidc x", has_other_names=True)
    assert orm.User.find(db, "ana").cookie_id != before


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20) | st.sampled_from(["a@b", "a@B", "a@b@c", "@b", "a@", "a@b\n", "a @b", "a@b\u200b"]))
def test_a_domain_is_what_stands_after_the_only_at(email: str) -> None:
    domain = email_domain(email)
    if domain is not None:
        local, found = email.split("@")
        assert local and found.lower() == domain and email.isprintable() and " " not in email
    assert verified_domain({"email": email}) is None
    assert verified_domain({"email": email, "email_verified": True}) == domain


@given(st.one_of(st.text(), st.integers(), st.none(), st.dictionaries(st.text(), st.text()), st.booleans()))
def test_only_a_list_is_a_list_of_groups(value: Any) -> None:
    assert texts(value) == frozenset()
    assert texts([value, "staff"]) >= {"staff"}
