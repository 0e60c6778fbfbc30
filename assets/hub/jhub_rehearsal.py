"""The people that `jhub rehearse` makes up: their names are for nobody else, because jhub deletes them with their homes."""

from __future__ import annotations

import re
from typing import Any

from jhub_operator import asks_as_operator
from jupyterhub.apihandlers.users import UserAPIHandler, UserListAPIHandler
from tornado import web

from jupyterhub import orm

GROUP = "jhub-rehearsal"
NAME = re.compile(rf"{GROUP}-[0-9]+")


def is_rehearsal_name(name: str) -> bool:
    """Whether a normalised name is one that rehearsals give; says the same as `src/hub-spec/people/rehearsal-names.ts`."""
    return NAME.fullmatch(name) is not None


def is_made_up(db: Any, name: str) -> bool:
    """Whether somebody on the hub was made up for a rehearsal: by the name, and by the group that only an admin fills."""
    group = orm.Group.find(db, GROUP) if is_rehearsal_name(name) else None
    return group is not None and any(user.name == name for user in group.users)


def refuse_reserved(handler: Any, names: Any) -> None:
    """Raises 400 where anybody but the command line gives somebody a name of rehearsals."""
    if asks_as_operator(handler):
        return
    for name in names if isinstance(names, (list, dict)) else []:
        if isinstance(name, str) and is_rehearsal_name(handler.authenticator.normalize_username(name)):
            raise web.HTTPError(400, f"{name} is a name that only jhub rehearse gives. Take another name.")


class ReservedPeopleHandler(UserListAPIHandler):
    """JupyterHub's `POST` of many people."""

    async def post(self) -> None:
        data = self.get_json_body()
        refuse_reserved(self, data.get("usernames") if isinstance(data, dict) else None)
        await super().post()


class ReservedPersonHandler(UserAPIHandler):
    """JupyterHub's `POST` of one person, and its `PATCH`, which can give another name."""

    async def post(self, user_name: str) -> None:
        refuse_reserved(self, [user_name])
        await super().post(user_name)

    async def patch(self, user_name: str) -> None:
        data = self.get_json_body()
        refuse_reserved(self, [data.get("name")] if isinstance(data, dict) else None)
        await super().patch(user_name)


RESERVING: list[tuple[str, type[web.RequestHandler]]] = [
    (r"/api/users", ReservedPeopleHandler),
    (r"/api/users/([^/]+)", ReservedPersonHandler),
]
