"""What an operator asks about people on the day: who has come in, who tries in vain, and whose server did not start."""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import datetime, timezone
from typing import Any

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.scopes import needs_scope
from sqlalchemy import Column, DateTime, Unicode

from jupyterhub import orm

# Before there was such a table, the hub noted only that somebody did something. The row of this name says that it was read.
BEGUN = ""
MOST_NAMES = 20_000
LONGEST_REASON = 500


class LastLogin(orm.Base):
    """When somebody last came in by signing in. Their server's own doings are none."""

    __tablename__ = "jhub_last_login"
    name = Column(Unicode(255), primary_key=True)
    at = Column(DateTime, nullable=False)


class FailedLogins:
    """How often somebody failed to sign in since they last did, and when last. Only people of the hub are counted."""

    def __init__(self) -> None:
        self.of: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def add(self, name: str) -> None:
        count, _ = self.of.pop(name, (0, 0.0))
        self.of[name] = (count + 1, time.time())
        while len(self.of) > MOST_NAMES:
            self.of.popitem(last=False)

    def forget(self, name: str) -> None:
        self.of.pop(name, None)


def begin_logins(db: Any) -> None:
    """Takes what an older jhub's hub knows: whoever did something has come in before."""
    if db.get(LastLogin, BEGUN) is not None:
        return
    for user in db.query(orm.User).filter(orm.User.last_activity.is_not(None)):
        db.merge(LastLogin(name=user.name, at=user.last_activity))
    db.merge(LastLogin(name=BEGUN, at=utc_now()))
    db.commit()


def note_login(db: Any, failed: FailedLogins, name: str) -> None:
    """Somebody has come in."""
    failed.forget(name)
    db.merge(LastLogin(name=name, at=utc_now()))
    db.commit()


def note_failure(db: Any, failed: FailedLogins, name: str) -> None:
    """Somebody did not come in under a name; a name that is nobody's is not kept."""
    if orm.User.find(db, name) is not None:
        failed.add(name)


def forget_logins(db: Any, failed: FailedLogins, name: str) -> None:
    """Somebody is removed: whoever has the name next has never come in."""
    failed.forget(name)
    db.query(LastLogin).filter_by(name=name).delete()
    db.commit()


def utc_now() -> datetime:
    """Without a zone, as JupyterHub keeps its times."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


class SeenHandler(APIHandler):
    """`GET` says for each person what there is to say: `{"people": {"ana": {"lastLogin": "…Z", "failedLogins": 2, …}}}`."""

    @needs_scope("admin:users")
    def get(self) -> None:
        people: dict[str, dict[str, Any]] = {}
        for login in self.db.query(LastLogin).filter(LastLogin.name != BEGUN):
            people.setdefault(login.name, {})["lastLogin"] = f"{login.at.isoformat()}Z"
        for name, (count, at) in self.authenticator.failed_logins.of.items():
            last = datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
            people.setdefault(name, {}).update(failedLogins=count, lastFailedLogin=f"{last.isoformat()}Z")
        for user in self.users.values():
            reason = failed_start(user.spawners.get("")) if user else None
            if reason is not None:
                people.setdefault(user.name, {})["failedStart"] = reason
        names = {name for (name,) in self.db.query(orm.User.name)}
        self.write({"people": {name: said for name, said in people.items() if name in names}})


def failed_start(spawner: Any) -> str | None:
    """Why a server's last start failed, as its person was told; `None` when it did not."""
    if spawner is None or not spawner._failed:
        return None
    error = spawner._spawn_future.exception()
    said = getattr(error, "jupyterhub_message", None) or getattr(error, "log_message", None) or str(error)
    return (str(said).strip() or type(error).__name__)[:LONGEST_REASON]
