"""Which rule counts, by the same table as the command line's own tests."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_limits import LimitedSpawner, apply_limits, policy_problem, read_policy, resolve
from tornado import web

POLICY = {"version": 1, "default": {"mem_limit": 2**20 * 500}, "total": {"servers": 1}}
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
    group = orm.Group(name="jhub-policy", properties={"policy": POLICY})
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
    assert (spawner.mem_limit, spawner.cpu_limit) == (2**20 * 500, None)


def test_a_full_hub_says_so(database: Any) -> None:
    from jupyterhub.utils import format_exception

    from jupyterhub import orm

    spawner = spawner_of(database, "ana")
    spawner.orm_spawner.server = orm.Server(base_url="/user/ana/")
    database.commit()
    apply_limits(spawner)
    with pytest.raises(web.HTTPError, match="limit: 1 server") as full:
        apply_limits(spawner_of(database, "ben"))
    said = "The hub is full (limit: 1 server). Try again later."
    assert format_exception(full.value) == (said, None)


DAMAGED = [
    "nonsense",
    7,
    [],
    {"default": "1G"},
    {"default": {"mem_limit": "1G"}},
    {"default": {"mem_limit": None}},
    {"default": {"mem_limit": 1}},
    {"default": {"cpu_limit": -1}},
    {"default": {"cpu_limit": True}},
    {"default": {"memory": 2**30}},
    {"groups": {"ta": {"mem_limit": [1]}}},
    {"users": ["ana"]},
    {"total": {"servers": 0}},
    {"total": {"servers": "many"}},
    {"total": {"mem_limit": float("nan")}},
    {"version": 2},
]


@pytest.mark.parametrize("policy", DAMAGED)
def test_damaged_rules_are_not_followed_and_the_last_good_ones_count(database: Any, policy: Any) -> None:
    from jupyterhub import orm

    policy = {"version": 1, **policy} if isinstance(policy, dict) else policy
    assert policy_problem(policy) is not None
    good = read_policy(database)
    orm.Group.find(database, "jhub-policy").properties = {"policy": policy}
    database.commit()
    assert read_policy(database) == good
    spawner = spawner_of(database, "ana")
    apply_limits(spawner)
    assert spawner.mem_limit == 2**20 * 500


def test_deleted_rules_still_count(database: Any) -> None:
    from jupyterhub import orm

    good = read_policy(database)
    database.delete(orm.Group.find(database, "jhub-policy"))
    database.commit()
    assert read_policy(database) == good


@pytest.mark.parametrize(
    "policy",
    [
        {"default": {}, "groups": {}, "users": {}, "total": {}},
        {"default": {"mem_limit": 2**30, "cpu_limit": 0.5}, "users": {"josé": {"mem_guarantee": 0}}},
        {"groups": {"ta": {"cpu_guarantee": 0.05}}, "total": {"servers": 1, "mem_limit": 2**40}},
    ],
)
def test_rules_that_make_sense_are_followed(policy: dict[str, Any]) -> None:
    assert policy_problem({"version": 1} | policy) is None


def test_new_rules_take_the_place_of_the_last_good_ones(database: Any) -> None:
    from jupyterhub import orm

    group = orm.Group.find(database, "jhub-policy")
    for policy in ({"version": 1, "default": {"mem_limit": 2**30}}, "damaged"):
        group.properties = {"policy": policy}
        database.commit()
        assert read_policy(database) == {"version": 1, "default": {"mem_limit": 2**30}}


@pytest.mark.parametrize("is_async", [False, True])
def test_an_admins_own_hook_runs_and_does_not_switch_limits_off(database: Any, is_async: bool) -> None:
    seen: list[int] = []

    def hook(spawner: Any) -> None:
        seen.append(spawner.mem_limit)

    async def later(spawner: Any) -> None:
        hook(spawner)

    class Base:
        def run_pre_spawn_hook(self) -> Any:
            return (later if is_async else hook)(self)

    class Ours(LimitedSpawner, Base):
        pass

    spawner = Ours()
    vars(spawner).update(vars(spawner_of(database, "ana")), user_options={})
    asyncio.run(spawner.run_pre_spawn_hook())
    assert seen == [2**20 * 500]
