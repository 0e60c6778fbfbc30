"""The hub's database, by the Python of a hub: a copy of it, and the schema of this hub's JupyterHub. Comes by standard input.

    python - copy FROM TO      a consistent copy by sqlite itself, in one piece; the place of TO is there
    python - upgrade FILE      nothing when the schema is so already
    python - accounts FILE …   what is in each, as JSON: whether it is whole, how many people, and a digest of their accounts
"""

from __future__ import annotations

import hashlib
import json
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


def accounts(*files: str) -> None:
    print(json.dumps([accounts_in(Path(file)) for file in files]))


def accounts_in(file: Path) -> dict[str, object]:
    if not file.exists():
        return {"state": "missing"}
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=20)) as database:
            (verdict,) = database.execute("PRAGMA quick_check").fetchone()
            if verdict != "ok":
                return {"state": "damaged", "why": verdict}
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "users" not in tables:
                return {"state": "empty"}
            people = database.execute("SELECT name, admin FROM users ORDER BY name").fetchall()
            passwords = []
            if "users_info" in tables:
                passwords = database.execute("SELECT username, hex(password) FROM users_info ORDER BY username").fetchall()
            digest = hashlib.sha256(repr((people, passwords)).encode()).hexdigest()
            return {"state": "whole", "people": len(people), "digest": digest}
    except sqlite3.DatabaseError as error:
        return {"state": "damaged", "why": str(error)}


if __name__ == "__main__":
    actions: dict[str, Callable[..., None]] = {"copy": copy, "upgrade": upgrade, "accounts": accounts}
    actions[sys.argv[1]](*sys.argv[2:])
