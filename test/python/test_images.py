"""Which image a server has, against the cases that the command line is tested with, and what damaged rules come to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_environments import EnvironmentSpawner, find_environment
from jhub_images import Image, image_of, images_problem, resolve_image
from jhub_limits import LimitedSpawner, policy_problem

CASES = json.loads((Path(__file__).parents[1] / "fixtures" / "image-cases.json").read_text())
BUILD = "image-data-0123456789ab"
IMAGES: dict[str, Any] = {"default": "data", "users": {"ana": "own"}, "groups": [["ta", "data"]], "built": {"data": BUILD}}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_most_particular_image_wins(case: dict[str, Any]) -> None:
    assert images_problem(case["images"]) is None
    assert resolve_image(case["images"], case["user"], case["groups"]) == case["expected"]


def test_an_image_that_is_not_built_is_none() -> None:
    assert image_of(IMAGES, "ana", []) is None
    assert image_of(IMAGES, "ben", []) == Image("data", BUILD)


def test_one_start_is_from_another_image() -> None:
    images = IMAGES | {"once": {"ana": "data"}}
    assert images_problem(images) is None
    assert resolve_image(images, "ana", []) == "data"
    assert resolve_image(images, "ben", ["ta"]) == "data"
    assert resolve_image(IMAGES, "ana", []) == "own"


@pytest.mark.parametrize(
    "change",
    [
        {"users": []},
        {"once": []},
        {"once": {"ana": "../x"}},
        {"users": {"ana": 7}},
        {"users": {"ana": "../../etc"}},
        {"groups": {"ta": "data"}},
        {"groups": [["ta"]]},
        {"groups": ["ta"]},
        {"default": None},
        {"default": "Data"},
        {"built": {"data": ""}},
        {"built": {"data": None}},
        {"built": []},
    ],
)
def test_damaged_rules_are_told(change: dict[str, Any]) -> None:
    damaged = IMAGES | change
    assert images_problem(damaged) is not None
    assert policy_problem({"version": 1, "images": damaged}) is not None
    assert policy_problem({"version": 1, "images": IMAGES}) is None
    assert images_problem("data") is not None


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    (tmp_path / BUILD).mkdir()
    (tmp_path / BUILD / ".jhub-whole").touch()
    (tmp_path / "image-half-0123456789ab").mkdir()
    (tmp_path / "user-0123456789ab").mkdir()
    (tmp_path / "user-0123456789ab" / ".jhub-whole").touch()
    return tmp_path


def test_an_environment_is_found_by_its_build(environments: Path) -> None:
    assert find_environment(environments, Image("data", BUILD)) == environments / BUILD
    assert find_environment(environments, None) is None


@pytest.mark.parametrize(
    "reference",
    [
        "image-gone-0123456789ab",
        "image-half-0123456789ab",
        "user-0123456789ab",
        "../image-data-0123456789ab",
        f"{BUILD}/../{BUILD}",
        f"{BUILD}\n",
        "/etc",
        "",
    ],
)
def test_nothing_else_leads_to_a_program(environments: Path, reference: str) -> None:
    assert find_environment(environments, Image("data", reference)) is None


class Base:
    """As much of a spawner as both parts need."""

    def __init__(self, environments: Path) -> None:
        self.settings = {"userEnvironment": str(environments / "user-0123456789ab")}
        self.cmd = ["usual"]

    def get_state(self) -> dict[str, Any]:
        return {"pid": 7}

    def load_state(self, state: dict[str, Any]) -> None:
        self.loaded = state

    def clear_state(self) -> None:
        self.loaded = {}

    def run_pre_spawn_hook(self) -> None:
        pass


class Spawner(EnvironmentSpawner, LimitedSpawner, Base):
    def set_limits(self) -> None:
        pass


def start(spawner: Spawner, images: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jhub_limits.read_policy", lambda db: {"images": images})
    spawner.user = SimpleNamespace(db=None, name="ben", groups=[SimpleNamespace(name="ta")])  # type: ignore[attr-defined]
    asyncio.run(spawner.run_pre_spawn_hook())


def test_a_server_starts_from_its_image_and_the_next_from_another(
    environments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawner = Spawner(environments)
    start(spawner, IMAGES, monkeypatch)
    assert spawner.cmd == [f"{environments / BUILD}/bin/jupyterhub-singleuser"]
    assert spawner.environment_path == str(environments / BUILD)
    assert spawner.get_state() == {"pid": 7, "image": ["data", BUILD]}
    later = Spawner(environments)
    later.load_state(spawner.get_state())
    assert later.get_state() == spawner.get_state()
    start(spawner, {}, monkeypatch)
    assert (spawner.cmd, spawner.get_state()) == (["usual"], {"pid": 7})
    assert spawner.environment_path.endswith("user-0123456789ab")


def test_an_image_that_is_gone_leaves_the_standard_one(environments: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spawner = Spawner(environments)
    start(spawner, IMAGES | {"built": {"data": "image-data-ffffffffffff"}}, monkeypatch)
    assert (spawner.cmd, spawner.get_state()) == (["usual"], {"pid": 7})
    spawner.load_state({"image": ["data", BUILD]})
    spawner.clear_state()
    assert spawner.get_state() == {"pid": 7}
