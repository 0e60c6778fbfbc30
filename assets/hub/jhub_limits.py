"""How much a server may use: rules kept on the hub as properties of a group without members, read at every start.

A rule changed by `PUT /groups/jhub-policy/properties` counts for the next server, without a restart of the hub. An admin
can change or delete that group on the hub's own pages, so what is read is checked: where it makes no sense, the last rules
that did count. They are in a table of the hub's database, which no page and no route writes.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from typing import Any

from jhub_choice import ChoosingSpawner
from jhub_images import Image, image_of, images_problem
from jhub_refusal import saying
from jupyterhub.utils import maybe_future
from sqlalchemy import JSON, Column, Integer

from jupyterhub import orm

POLICY_GROUP = "jhub-policy"
# When memory runs out, the kernel ends somebody's server, and the hub only after all of them (proc_pid_oom_score_adj(5)).
END_BEFORE_HUB = "300"
TRAITS = ("mem_limit", "mem_guarantee", "cpu_limit", "cpu_guarantee")
# Below these no server can start: bytes, cores, servers.
LEAST = {"mem_limit": 64 * 2**20, "mem_guarantee": 0, "cpu_limit": 0.001, "cpu_guarantee": 0, "servers": 1}
Rule = Mapping[str, float]
log = logging.getLogger("jhub")


class KeptPolicy(orm.Base):
    """The last rules that made sense, in the one row of this table."""

    __tablename__ = "jhub_policy"
    id = Column(Integer, primary_key=True)
    policy = Column(JSON, nullable=False)


def resolve(policy: Mapping[str, Any], user: str, groups: Iterable[str]) -> dict[str, float]:
    """The limits of a user: bytes and cores, only the keys that count.

    The most particular rule wins, key by key: user, then the largest of the user's groups, then default. Nobody has more
    cores than all servers together may use, and no guarantee is above its limit.
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
    most_cores = policy.get("total", {}).get("cpu_limit")
    if most_cores is not None and "cpu_limit" in limits:
        # Control groups of version 1 refuse a server more cores than all have together.
        limits["cpu_limit"] = min(limits["cpu_limit"], most_cores)
    for kind in ("mem", "cpu"):
        limit, guarantee = limits.get(f"{kind}_limit"), limits.get(f"{kind}_guarantee")
        if limit is not None and guarantee is not None:
            limits[f"{kind}_guarantee"] = min(limit, guarantee)
    return limits


def policy_problem(policy: Any) -> str | None:
    """What makes no sense in a document of rules, in half a sentence; `None` when it can be followed."""
    if not isinstance(policy, dict):
        return "it is not an object"
    if policy.get("version") != 1:
        return "its version is not 1"
    scopes: list[tuple[str, Any, tuple[str, ...]]] = [("default", policy.get("default", {}), TRAITS)]
    scopes.append(("total", policy.get("total", {}), ("mem_limit", "cpu_limit", "servers")))
    for kind in ("users", "groups"):
        named = policy.get(kind, {})
        if not isinstance(named, dict):
            return f"{kind} is not an object"
        scopes += [(f"{kind}.{name}", rule, TRAITS) for name, rule in named.items()]
    if "images" in policy:
        problem = images_problem(policy["images"])
        if problem is not None:
            return problem
    problems = (rule_problem(scope, rule, keys) for scope, rule, keys in scopes)
    return next((problem for problem in problems if problem is not None), None)


def rule_problem(scope: str, rule: Any, keys: tuple[str, ...]) -> str | None:
    if not isinstance(rule, dict):
        return f"{scope} is not an object"
    for key, value in rule.items():
        if key not in keys:
            return f"{scope}.{key} is no limit"
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{scope}.{key} is not a number"
        if value < LEAST[key]:
            return f"{scope}.{key} is too small for any server"
    return None


def read_policy(db: Any) -> dict[str, Any]:
    """The rules that count now; empty when none were ever set."""
    policy, problem = policy_of(db)
    if problem is not None:
        log.warning("The limits in the group %s cannot be followed: %s. The last good ones count.", POLICY_GROUP, problem)
    return policy


def policy_of(db: Any) -> tuple[dict[str, Any], str | None]:
    """The same without a word of it, and why rules of before count, where they do."""
    group = orm.Group.find(db, POLICY_GROUP)
    found: Any = None if group is None else (group.properties or {}).get("policy")
    kept: Any = db.query(KeptPolicy).first()
    problem = "it is gone" if found is None else policy_problem(found)
    if problem is None:
        if kept is None:
            db.add(KeptPolicy(policy=found))
        elif kept.policy != found:
            kept.policy = found
        db.commit()
        return dict(found), None
    return ({}, None) if kept is None else (dict(kept.policy), problem)


def list_people(db: Any) -> list[str]:
    """The names of everybody on the hub."""
    return [name for (name,) in db.query(orm.User.name)]


class LimitedSpawner(ChoosingSpawner):
    """Comes before a spawner's own class: limits and image are set where no configuration reaches, then the admin's hook runs."""

    running_image: Image | None = None
    """What the server that runs was started from, when that is an image."""

    def image_rules(self) -> Mapping[str, Any]:
        rules: Mapping[str, Any] = read_policy(self.user.db).get("images", {})
        return rules

    def set_limits(self) -> None:
        apply_limits(self)

    def set_image(self, image: Image | None) -> Image | None:
        """Takes this image for the next start; gives the one that it really has. A spawner without images has none."""
        return None

    def get_state(self) -> dict[str, Any]:
        state: dict[str, Any] = super().get_state()  # type: ignore[misc]
        return state if self.running_image is None else state | {"image": list(self.running_image)}

    def load_state(self, state: dict[str, Any]) -> None:
        super().load_state(state)  # type: ignore[misc]
        self.running_image = Image(*state["image"]) if "image" in state else None

    def clear_state(self) -> None:
        super().clear_state()  # type: ignore[misc]
        self.running_image = None

    async def run_pre_spawn_hook(self) -> None:
        """What JupyterHub calls before each start. Refuses the server when the hub is full (429)."""
        self.set_limits()
        image = image_of(self.image_rules(), self.user.name, self.group_names, self.chosen_image)
        self.running_image = self.set_image(image)
        await maybe_future(super().run_pre_spawn_hook())  # type: ignore[misc]


def apply_limits(spawner: Any) -> None:
    """Gives the server its limits, or refuses it when the hub is full (429)."""
    db = spawner.user.db
    policy = read_policy(db)
    limits = resolve(policy, spawner.user.name, [group.name for group in spawner.user.groups])
    spawner.mem_limit = limits.get("mem_limit")
    spawner.mem_guarantee = limits.get("mem_guarantee")
    spawner.cpu_limit = limits.get("cpu_limit")
    spawner.cpu_guarantee = limits.get("cpu_guarantee")
    most = policy.get("total", {}).get("servers")
    if most is not None:
        refuse_when_full(db, spawner, int(most))


def refuse_when_full(db: Any, spawner: Any, most: int) -> None:
    """Raises 429 when as many other servers run, or start, as the hub may have."""
    others = db.query(orm.Spawner).filter(orm.Spawner.server_id.isnot(None), orm.Spawner.id != spawner.orm_spawner.id)
    if others.count() >= most:
        raise saying(f"The hub is full (limit: {most} server{'' if most == 1 else 's'}). Try again later.", status=429)
