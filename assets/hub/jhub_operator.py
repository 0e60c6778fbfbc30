"""The command line, which asks the hub as a service of it."""

from __future__ import annotations

from typing import Any

from jupyterhub import orm

# The service of the hub by which the command line asks.
SERVICE = "jhub"


def asks_as_operator(handler: Any) -> bool:
    """Whether it is the command line that asks, which no admin of the hub is."""
    asking = handler.current_user
    return isinstance(asking, orm.Service) and asking.name == SERVICE
