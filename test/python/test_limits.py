"""Which rule counts, by the same table as the command line's own tests."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_limits import apply_limits, resolve
from tornado import web

FIXTURES = Path(__file__).parents[1] / "fixtures"
CASES = json.loads((FIXTURES / "limit-cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_most_particular_rule_wins(case: dict[str, Any]) -> None:
    assert resolve(case["policy"], case["user"], case["groups"]) == case["expected"]


def test_no_policy_is_no_limit() -> None:
    assert resolve({}, "ana", ["ta"]) == {}


@pytest.fixture
def database() -> Any:
    from jupyterhub import orm

    session = orm.new_session_factory("sqlite:///:memory:")()
    group = orm.Group(name="jhub-policy", properties={"policy": {"default": {"mem_limit": 5}, "total": {"servers": 1}}})
    session.add(group)
    users = [orm.User(name=name) for name in ("ana", "ben")]
    session.add_all(users)
    session.commit()
    for user in users:
        session.add(orm.Spawner(name="", user=user))
    session.commit()
    return session


def spawner_of(database: Any, name: str) -> Any:
    from jupyterhub import orm

    user = orm.User.find(database, name)
    return SimpleNamespace(
        user=SimpleNamespace(db=database, name=name, groups=[]),
        orm_spawner=user.orm_spawners[""],
        mem_limit=None,
    )


def test_a_server_gets_its_limits(database: Any) -> None:
    spawner = spawner_of(database, "ana")
    apply_limits(spawner)
    assert (spawner.mem_limit, spawner.cpu_limit) == (5, None)


def test_a_full_hub_says_so(database: Any) -> None:
    from jupyterhub import orm

    spawner = spawner_of(database, "ana")
    spawner.orm_spawner.server = orm.Server(base_url="/user/ana/")
    database.commit()
    apply_limits(spawner)
    with pytest.raises(web.HTTPError, match="room for 1 servers"):
        apply_limits(spawner_of(database, "ben"))
