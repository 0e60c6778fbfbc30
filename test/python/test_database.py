"""The copy of a hub's database, and its schema, by the database and the migrations of the real JupyterHub."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import jhub_database
import pytest
from sqlalchemy import create_engine

from jupyterhub import dbutil, orm

PROGRAM = Path(jhub_database.__file__).read_text()


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """As jhub runs it: by standard input, with nothing of the environment on its path."""
    return subprocess.run(
        [sys.executable, "-", *map(str, words)],
        input=PROGRAM,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def names(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [name for (name,) in database.execute("SELECT name FROM users ORDER BY name")]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "jupyterhub.sqlite"
    session = orm.new_session_factory(f"sqlite:///{file}")()
    session.add(orm.User(name="ana"))
    session.commit()
    session.close()
    return file


@pytest.fixture
def older(database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with the schema of the JupyterHub before."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    with dbutil._temp_alembic_ini(f"sqlite:///{database}") as ini:
        subprocess.check_call(["alembic", "-c", ini, "downgrade", "-1"])
    with pytest.raises(orm.DatabaseSchemaMismatch):
        orm.check_db_revision(create_engine(f"sqlite:///{database}"))
    return database


def test_a_copy_has_all_and_is_private(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    assert run("copy", database, target).returncode == 0
    assert names(target) == ["ana"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [target, database]


def test_a_copy_has_what_was_written_and_is_still_in_the_journal(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("UPDATE users SET name = 'ben'")
        writer.commit()
        assert run("copy", database, target).returncode == 0
    assert names(target) == ["ben"]


def test_a_copy_replaces_a_database_and_the_journal_that_was_its(database: Path, tmp_path: Path) -> None:
    target = tmp_path / "other.sqlite"
    target.write_text("half a database")
    Path(f"{target}-journal").write_text("of the half")
    assert run("copy", database, target).returncode == 0
    assert names(target) == ["ana"]
    assert not Path(f"{target}-journal").exists()


def test_a_damaged_database_is_told_and_nothing_is_replaced(database: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.sqlite"
    assert run("copy", database, good).returncode == 0
    database.write_bytes(database.read_bytes()[:8192] + b"\0" * 8192)
    assert run("copy", database, good).returncode != 0
    assert names(good) == ["ana"]


def test_an_older_schema_becomes_the_one_of_this_jupyterhub(older: Path) -> None:
    done = run("upgrade", older)
    assert done.returncode == 0, done.stderr
    orm.check_db_revision(create_engine(f"sqlite:///{older}"))
    assert names(older) == ["ana"]
    assert list(older.parent.iterdir()) == [older]


def test_the_schema_of_this_jupyterhub_stays_as_it_is(database: Path) -> None:
    before = database.read_bytes()
    assert run("upgrade", database).returncode == 0
    assert database.read_bytes() == before


def test_a_database_of_a_newer_jupyterhub_is_refused(database: Path) -> None:
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
        writer.commit()
    done = run("upgrade", database)
    assert done.returncode != 0
    assert "from-the-future" in done.stderr


def accounts(*files: Path) -> list[dict[str, object]]:
    return list(json.loads(run("accounts", *files).stdout))


def test_accounts_are_told_from_a_database_that_is_missing_empty_or_damaged(tmp_path: Path, database: Path) -> None:
    empty, damaged = tmp_path / "empty.sqlite", tmp_path / "damaged.sqlite"
    empty.touch()
    damaged.write_text("garbage, and more of it than a header has")
    seen = accounts(database, tmp_path / "missing.sqlite", empty, damaged)
    assert [each["state"] for each in seen] == ["whole", "missing", "empty", "damaged"]
    assert seen[0]["people"] == len(names(database))
    assert not (tmp_path / "missing.sqlite").exists()


def test_the_digest_of_accounts_changes_with_people_and_not_with_what_they_do(tmp_path: Path, database: Path) -> None:
    (before,) = accounts(database)
    with closing(sqlite3.connect(database)) as open_database, open_database:
        open_database.execute("UPDATE users SET last_activity = '2026-01-01'")
    assert accounts(database) == [before]
    with closing(sqlite3.connect(database)) as open_database, open_database:
        open_database.execute("UPDATE users SET admin = NOT admin")
    assert accounts(database) != [before]
