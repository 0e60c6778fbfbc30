"""What people are told where the hub's database cannot be written because its disk is full."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

FULL = "The hub's disk is full. The person who runs this hub has to make room on it."


def tell_full_disk() -> None:
    """Gives such an error the words that JupyterHub shows on its pages and in its API. It showed the database's own, or none."""
    if not event.contains(Engine, "handle_error", say_full):
        event.listen(Engine, "handle_error", say_full)


def say_full(context: Any) -> None:
    # SQLite's words, and those of other databases for what the system says.
    said = str(context.original_exception)
    if context.sqlalchemy_exception is not None and ("disk is full" in said or "No space left on device" in said):
        context.sqlalchemy_exception.jupyterhub_message = FULL
