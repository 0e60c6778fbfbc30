"""Whom the settings file names, who was removed, and which account of a provider each name belongs to.

All of it is in tables of the hub's database, written by the operator's token, a removal or a login, and counts at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from jhub_allow import Account, Rules
from jhub_names import name_problem, normalise_name
from jhub_naming import FormerName, changes_naming, former_owner
from jhub_rehearsal import is_made_up, is_rehearsal_name
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.apihandlers.users import UserAPIHandler
from jupyterhub.scopes import needs_scope
from nativeauthenticator.orm import UserInfo
from sqlalchemy import JSON, Boolean, Column, Unicode, inspect
from tornado import web

from jupyterhub import orm

# What every hub had before there was anything else.
PASSWORD = "password"
# People of a rehearsal, who come by tokens that the operator makes; as `src/hub-spec/people/rehearsal-names.ts` has them.
MADE_UP = re.compile(r"jhub-rehearsal-[0-9]+")


class Listed(orm.Base):
    """A person of the settings file, with what it says of them."""

    __tablename__ = "jhub_listed"
    name = Column(Unicode(255), primary_key=True)
    admin = Column(Boolean, nullable=False)
    groups = Column(JSON, nullable=False)


class Removed(orm.Base):
    """A name that was removed. It stays out, also where a rule would let it in, until the settings file names it again."""

    __tablename__ = "jhub_removed"
    name = Column(Unicode(255), primary_key=True)


class Known(orm.Base):
    """An account that signed in, the name that it has here, and what was said of it then."""

    __tablename__ = "jhub_known"
    issuer = Column(Unicode(255), primary_key=True)
    subject = Column(Unicode(255), primary_key=True)
    name = Column(Unicode(255), nullable=False, index=True)
    removed = Column(Boolean, nullable=False)
    claims = Column(JSON, nullable=False)
    # What the hub gave because of it.
    admin = Column(Boolean, nullable=False)
    groups = Column(JSON, nullable=False)


class Method(orm.Base):
    """By which method people signed in last, in the one row of this table."""

    __tablename__ = "jhub_method"
    method = Column(Unicode(255), primary_key=True)


def refusal(db: Any, rules: Rules, account: Account, name: str) -> str | None:
    """Why an account may not sign in under a name, in a sentence for whoever tries; `None` when it may."""
    if is_rehearsal_name(name):
        return f"{name} is a name that only jhub rehearse gives."
    listed = db.get(Listed, name) is not None
    known = db.get(Known, (account.issuer, account.subject))
    if known is not None and known.name != name and not (known.removed and listed):
        return f"This account is known here as {known.name}, and now calls itself {name}."
    holder = holder_of(db, account.issuer, name) or former_owner(db, account.issuer, name)
    if holder is not None and holder.subject != account.subject:
        return f"The name {name} belongs to another account here."
    if listed:
        return None
    if db.get(Removed, name) is not None or (known is not None and known.removed):
        return f"{name} was removed from this hub."
    if holder is None and orm.User.find(db, name) is not None:
        return f"The name {name} is taken here, and is not on this hub's list."
    return None if rules.allow(account) else f"{name} is not on this hub's list."


def holder_of(db: Any, issuer: str, name: str) -> Any:
    """The account to which a name belongs."""
    return db.query(Known).filter_by(issuer=issuer, name=name, removed=False).first()


def is_admin(db: Any, rules: Rules, account: Account, name: str) -> bool:
    listed = db.get(Listed, name)
    return (listed is not None and listed.admin) or rules.makes_admin(account)


def remember(db: Any, rules: Rules, account: Account, user: Any) -> None:
    """Binds the name to the account, and updates the groups of the hub that stand for the account's own."""
    known = db.get(Known, (account.issuer, account.subject))
    given = rules.hub_groups(account)
    listed = db.get(Listed, user.name)
    own = frozenset() if listed is None else frozenset(listed.groups)
    before = frozenset() if known is None or known.name != user.name else frozenset(known.groups)
    if known is None:
        known = Known(issuer=account.issuer, subject=account.subject)
        db.add(known)
    known.name = user.name
    known.removed = False
    known.claims = {kind: sorted(getattr(account, kind)) for kind in ("domains", "groups", "organizations")}
    known.admin = rules.makes_admin(account)
    known.groups = sorted(given)
    change_groups(db, user, join=given, leave=(before | frozenset(rules.group_map.values())) - given - own)
    db.commit()


def change_groups(db: Any, user: Any, *, join: frozenset[str], leave: frozenset[str]) -> None:
    for name in join | leave:
        group = orm.Group.find(db, name)
        if group is None and name in join:
            group = orm.Group(name=name)
            db.add(group)
        if name in join and user not in group.users:
            group.users.append(user)
        elif name in leave and group is not None and user in group.users:
            group.users.remove(user)


def may_stay(db: Any, rules: Rules, issuer: str, name: str) -> bool:
    """Whether somebody who is logged in still may be, by the rules of now and what was said of them at their login."""
    if db.get(Listed, name) is not None or is_made_up(db, name):
        return True
    holder = holder_of(db, issuer, name)
    if holder is None and MADE_UP.fullmatch(name):
        return True
    if holder is None or db.get(Removed, name) is not None:
        return False
    return rules.allow(as_last_seen(holder))


def has_lost_admin(db: Any, rules: Rules, issuer: str, name: str) -> bool:
    """Whether a rule made somebody admin at their login that does not any more, and the settings file does not either."""
    listed, holder = db.get(Listed, name), holder_of(db, issuer, name)
    if holder is None or not holder.admin or (listed is not None and listed.admin):
        return False
    return not rules.makes_admin(as_last_seen(holder))


def as_last_seen(known: Any) -> Account:
    """An account with what was said of it at its last login."""
    claims = {kind: frozenset(values) for kind, values in known.claims.items()}
    return Account(known.issuer, known.subject, **claims)


def forget_person(db: Any, name: str) -> None:
    """Somebody is removed: from the list, with the password, and so that the account does not come back by a rule.

    A rehearsal leaves nothing behind: no rule gives anybody its names.
    """
    db.query(Listed).filter_by(name=name).delete()
    db.query(Known).filter_by(name=name).update({"removed": True})
    for former in db.query(FormerName).filter_by(name=name):
        if db.get(Known, (former.issuer, former.subject)) is None:
            db.add(Known(**owner_of(former), removed=True, claims={}, admin=False, groups=[]))
        db.delete(former)
    if inspect(db.connection()).has_table(UserInfo.__tablename__):
        db.query(UserInfo).filter_by(username=name).delete()
    if not is_rehearsal_name(name):
        db.merge(Removed(name=name))
    db.commit()


def free_names(db: Any, issuer: str, naming: str) -> bool:
    """Lets accounts have other names, when names are made another way than before. Gives whether any account had one."""
    if not changes_naming(db, issuer, naming):
        return False
    named = db.query(Known).filter_by(issuer=issuer, removed=False).all()
    for known in named:
        db.merge(FormerName(**owner_of(known)))
        db.delete(known)
    return len(named) > 0


def owner_of(row: Any) -> dict[str, str]:
    return {"issuer": row.issuer, "subject": row.subject, "name": row.name}


def end_logins_of(db: Any, method: str, *, has_other_names: bool = False) -> None:
    """Ends every login, and every token but those of running servers, when people sign in by another method than before, or by
    other names: who they are is somebody else's word now."""
    row = db.query(Method).first()
    before = PASSWORD if row is None else row.method
    if row is not None:
        db.delete(row)
    if before != method or has_other_names:
        for user in db.query(orm.User):
            user.cookie_id = orm.new_token()
        servers = db.query(orm.Spawner).filter(orm.Spawner.server_id.isnot(None))
        running = [f"{server.user.name}/{server.name}" for server in servers]
        for token in db.query(orm.APIToken).filter(orm.APIToken.user_id.isnot(None)):
            if not is_of_server(token, running):
                db.delete(token)
    db.add(Method(method=method))
    db.commit()


def is_of_server(token: Any, running: list[str]) -> bool:
    """Whether a token can do no more than one by which a running server speaks to the hub."""
    if token.client_id.startswith("jupyterhub-user-"):
        return False
    of_server = [scope for scope in token.scopes if scope.partition("!server=")[2] in running]
    return len(of_server) > 0 and {"users:activity!user", *of_server}.issuperset(token.scopes)


class SignInHandler(APIHandler):
    """`PUT` says whom the settings file names: `{"people": {"ana": {"admin": true, "groups": ["ta"]}}}`; `GET` says that, who
    was removed, and what accounts of a provider gave."""

    @needs_scope("admin:users")
    def get(self) -> None:
        people = {row.name: {"admin": row.admin, "groups": row.groups} for row in self.db.query(Listed)}
        rules = self.authenticator.rules
        given = {
            row.name: {"admin": row.admin and rules.makes_admin(as_last_seen(row)), "groups": row.groups}
            for row in self.db.query(Known).filter_by(removed=False)
            if row.issuer == getattr(self.authenticator, "issuer", None)
        }
        removed = [row.name for row in self.db.query(Removed)]
        self.write(json.dumps({"people": people, "given": given, "removed": removed}))

    @needs_scope("admin:users")
    def put(self) -> None:
        data = self.get_json_body()
        people = data.get("people") if isinstance(data, dict) else None
        if not isinstance(people, dict) or not all(is_person(name, entry) for name, entry in people.items()):
            raise web.HTTPError(400, 'the body has no "people", or they are of another form')
        list_people(self.db, people)
        self.set_status(204)


def list_people(db: Any, people: Mapping[str, Any]) -> None:
    """Has these be the people of the settings file, and nobody else. Who was removed and is named again may come again."""
    try:
        db.query(Listed).delete()
        for name, entry in people.items():
            db.add(Listed(name=name, admin=entry["admin"], groups=entry["groups"]))
            db.query(Removed).filter_by(name=name).delete()
        db.commit()
    except Exception:
        db.rollback()
        raise


def is_person(name: str, entry: Any) -> bool:
    if name != normalise_name(name) or name_problem(name) is not None or not isinstance(entry, dict):
        return False
    groups = entry.get("groups")
    return isinstance(entry.get("admin"), bool) and isinstance(groups, list) and all(isinstance(g, str) for g in groups)


class PeopleHandler(UserAPIHandler):
    """`DELETE` removes people whose names cannot stand in an address: `{"names": [".."]}`. Who is not there is fine."""

    @needs_scope("admin:users")
    async def delete(self) -> None:
        data = self.get_json_body()
        names = data.get("names") if isinstance(data, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise web.HTTPError(400, 'the body has no "names"')
        for name in names:
            if self.find_user(name) is not None:
                await super().delete(name)
        self.set_status(204)
