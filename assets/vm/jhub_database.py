"""The hub's database, by the Python of a hub: a copy of it, and the schema of this hub's JupyterHub. Comes by standard input.

    python - copy FROM TO      a consistent copy by sqlite itself, in one piece; the place of TO is there
    python - upgrade FILE      nothing when the schema is so already
"""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path


def copy(source: str, target: str) -> None:
    """Replaces the target in one piece; a journal that belongs to the old one goes with it."""
    fresh = Path(f"{target}.new")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"{Path(source).as_uri()}?mode=rw", uri=True)) as old,
        closing(sqlite3.connect(fresh)) as new,
    ):
        old.backup(new)
        if new.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise SystemExit(f"{source} is damaged")
    for journal in ("-wal", "-shm", "-journal"):
        Path(f"{target}{journal}").unlink(missing_ok=True)
    fresh.replace(target)


def upgrade(file: str) -> None:
    """JupyterHub's own `upgrade-db`, without the copy that it would leave beside the database."""
    from jupyterhub.dbutil import upgrade_if_needed

    # It starts alembic's own program, by its name.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    upgrade_if_needed(f"sqlite:///{file}", backup=False, log=logging.getLogger("jhub"))


if __name__ == "__main__":
    actions: dict[str, Callable[..., None]] = {"copy": copy, "upgrade": upgrade}
    actions[sys.argv[1]](*sys.argv[2:])
