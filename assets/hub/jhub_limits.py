"""How much a server may use: rules kept on the hub as properties of a group without members, read at every start.

A rule changed by `PUT /groups/jhub-policy/properties` counts for the next server, without a restart of the hub.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tornado import web

from jupyterhub import orm

POLICY_GROUP = "jhub-policy"
TRAITS = ("mem_limit", "mem_guarantee", "cpu_limit", "cpu_guarantee")
Rule = Mapping[str, float]


def resolve(policy: Mapping[str, Any], user: str, groups: Iterable[str]) -> dict[str, float]:
    """The limits of a user: bytes and cores, only the keys that count.

    The most particular rule wins, key by key: user, then the largest of the user's groups, then default. A guarantee is
    never above its limit.
    """
    own: Rule = policy.get("users", {}).get(user, {})
    shared: list[Rule] = [policy["groups"][name] for name in groups if name in policy.get("groups", {})]
    common: Rule = policy.get("default", {})
    limits: dict[str, float] = {}
    for trait in TRAITS:
        offered = [rule[trait] for rule in shared if trait in rule]
        value = own[trait] if trait in own else max(offered) if offered else common.get(trait)
        if value is not None:
            limits[trait] = value
    for kind in ("mem", "cpu"):
        limit, guarantee = limits.get(f"{kind}_limit"), limits.get(f"{kind}_guarantee")
        if limit is not None and guarantee is not None:
            limits[f"{kind}_guarantee"] = min(limit, guarantee)
    return limits


def read_policy(db: Any) -> dict[str, Any]:
    """The rules as they are on the hub now; empty when none were set."""
    group = orm.Group.find(db, POLICY_GROUP)
    properties = {} if group is None else (group.properties or {})
    policy = properties.get("policy", {})
    return policy if isinstance(policy, dict) else {}


def apply_limits(spawner: Any) -> None:
    """A `pre_spawn_hook`: gives the server its limits, or refuses it when the hub is full (429)."""
    db = spawner.user.db
    policy = read_policy(db)
    limits = resolve(policy, spawner.user.name, [group.name for group in spawner.user.groups])
    spawner.mem_limit = limits.get("mem_limit")
    spawner.mem_guarantee = limits.get("mem_guarantee")
    spawner.cpu_limit = limits.get("cpu_limit")
    spawner.cpu_guarantee = limits.get("cpu_guarantee")
    most_cores = policy.get("total", {}).get("cpu_limit")
    if most_cores is not None and spawner.cpu_limit:
        # Control groups of version 1 refuse a server more cores than all have together.
        spawner.cpu_limit = min(spawner.cpu_limit, most_cores)
    most = policy.get("total", {}).get("servers")
    if most is not None:
        refuse_when_full(db, spawner, int(most))


def refuse_when_full(db: Any, spawner: Any, most: int) -> None:
    """Raises 429 when as many other servers run, or start, as the hub may have."""
    others = db.query(orm.Spawner).filter(orm.Spawner.server_id.isnot(None), orm.Spawner.id != spawner.orm_spawner.id)
    if others.count() >= most:
        raise web.HTTPError(429, f"The hub has room for {most} servers, and all of it is taken. Try again later.")
