"""A database that cannot be written because there is no room, by SQLite itself."""

from __future__ import annotations

import pytest
from jhub_full_disk import FULL, tell_full_disk
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError


def test_a_full_disk_is_said_in_words_and_other_errors_as_they_are() -> None:
    tell_full_disk()
    tell_full_disk()
    with create_engine("sqlite://").connect() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        connection.execute(text("PRAGMA max_page_count = 2"))
        with pytest.raises(OperationalError) as full:
            connection.execute(text("INSERT INTO notes VALUES (:words)"), {"words": "x" * 100_000})
        assert full.value.jupyterhub_message == FULL
        with pytest.raises(OperationalError) as other:
            connection.execute(text("INSERT INTO elsewhere VALUES (1)"))
        assert not hasattr(other.value, "jupyterhub_message")
