"""Which image a server has, against the cases that the command line is tested with, and what damaged rules come to."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jhub_environments import EnvironmentSpawner, find_environment
from jhub_images import Image, choices_of, image_of, images_problem, pick_image, resolve_image
from jhub_limits import LimitedSpawner, policy_problem
from tornado.web import HTTPError

CASES = json.loads((Path(__file__).parents[1] / "fixtures" / "image-cases.json").read_text())
CHOICES = json.loads((Path(__file__).parents[1] / "fixtures" / "choice-cases.json").read_text())
BUILD = "image-data-0123456789ab"
IMAGES: dict[str, Any] = {"default": "data", "users": {"ana": "own"}, "groups": [["ta", "data"]], "built": {"data": BUILD}}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_most_particular_image_wins(case: dict[str, Any]) -> None:
    assert images_problem(case["images"]) is None
    assert resolve_image(case["images"], case["user"], case["groups"]) == case["expected"]


@pytest.mark.parametrize("case", CHOICES, ids=[case["name"] for case in CHOICES])
def test_a_choice_counts_only_where_it_is_offered(case: dict[str, Any]) -> None:
    images = case["images"] | {"built": {name: "x" for name in ("data", "course", "own", "extra")}}
    assert images_problem(images) is None
    assert choices_of(images, "ana", case["groups"]) == case["choices"]
    assert pick_image(images, "ana", case["groups"], case["chosen"]) == case["picked"]


def test_only_what_is_built_is_offered() -> None:
    images = IMAGES | {"choose": {"default": ["data", "own"], "users": {}, "groups": []}}
    assert choices_of(images, "ben", []) == ["data"]
    assert pick_image(images, "ben", [], "own") == "data"


def test_an_image_that_is_not_built_is_none() -> None:
    assert image_of(IMAGES, "ana", []) is None
    assert image_of(IMAGES, "ben", []) == Image("data", BUILD)


def test_one_start_is_from_another_image() -> None:
    images = IMAGES | {"once": {"ana": "data"}}
    assert images_problem(images) is None
    assert image_of(images, "ana", []) == Image("data", BUILD)
    assert image_of(IMAGES, "ana", []) is None
    choice = images | {"choose": {"users": {"ana": ["own"]}, "groups": []}, "built": {"data": BUILD, "own": "image-own-0123456789ab"}}
    assert image_of(choice, "ana", [], "own") == Image("data", BUILD)


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
        {"choose": ["data"]},
        {"choose": {"users": ["data"], "groups": []}},
        {"choose": {"users": {"ana": "data"}, "groups": []}},
        {"choose": {"users": {"ana": ["../x"]}, "groups": []}},
        {"choose": {"users": {}, "groups": [["ta", "data"]]}},
        {"choose": {"users": {}, "groups": [[7, ["data"]]]}},
        {"choose": {"users": {}, "groups": ["ta"]}},
        {"choose": {"default": [None], "users": {}, "groups": []}},
        {"about": []},
        {"about": {"data": "x"}},
        {"about": {"data": {"description": 7}}},
        {"about": {"data": {"contains": "pandas"}}},
        {"about": {"data": {"contains": [["pandas"]]}}},
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
    with pytest.raises(HTTPError):
        find_environment(environments, Image("data", reference))


class Base:
    """As much of a spawner as both parts need."""

    def __init__(self, environments: Path) -> None:
        self.settings = {"userEnvironment": str(environments / "user-0123456789ab")}
        self.cmd = ["usual"]
        self.user_options: dict[str, Any] = {}

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


def test_who_waits_for_a_server_reads_what_happens(environments: Path) -> None:
    async def events() -> list[dict[str, Any]]:
        return [event async for event in Spawner(environments).progress()]

    assert asyncio.run(events()) == [{"progress": 50, "message": "JupyterLab is starting."}]


def test_a_server_whose_image_is_gone_is_refused_in_plain_words(
    environments: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawner = Spawner(environments)
    with pytest.raises(HTTPError) as refusal:
        start(spawner, IMAGES | {"built": {"data": "image-data-ffffffffffff"}}, monkeypatch)
    assert refusal.value.status_code == 503
    assert refusal.value.jupyterhub_message == (  # type: ignore[attr-defined]
        "The software of your server, the image data, is missing on this hub. "
        "Tell the person who runs it: jhub up installs it again."
    )
    spawner.load_state({"image": ["data", BUILD]})
    spawner.clear_state()
    assert spawner.get_state() == {"pid": 7}
