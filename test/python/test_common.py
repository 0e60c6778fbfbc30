"""What servers in a cluster show everybody."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jhub_common
import pytest
from jhub_common import SHOWN, mounts, shown_on, start_hook, with_more
from jhub_kubernetes import JhubKubeSpawner
from kubernetes_asyncio.client.exceptions import ApiException


def claim(shown: str | None, phase: str = "Bound") -> Any:
    annotations = None if shown is None else {SHOWN: shown}
    return SimpleNamespace(metadata=SimpleNamespace(annotations=annotations), status=SimpleNamespace(phase=phase))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, []),
        (claim(None), []),
        (claim("shared materials"), ["materials", "shared"]),
        (claim("materials ../../etc"), ["materials"]),
        (claim("content materials"), ["materials", "content"]),
        (claim("materials", "Pending"), []),
    ],
)
def test_only_what_is_on_a_volume_that_is_there_is_mounted(found: Any, expected: list[str]) -> None:
    assert shown_on(found) == expected


def test_materials_are_mounted_read_only() -> None:
    assert [(each["subPath"], each["readOnly"]) for each in mounts(["materials", "shared", "content"])] == [
        ("materials", True),
        ("shared", False),
        ("content", True),
    ]


def test_volumes_go_beside_the_usual_ones() -> None:
    assert with_more({"home": 1}, [{"name": "x"}]) == {"home": 1, "jhub-common-0": {"name": "x"}}
    assert with_more([1], [{"name": "x"}]) == [1, {"name": "x"}]


def run_hook(home: Path, content: dict[str, Any] | None = None) -> None:
    command = start_hook(content)["exec"]["command"]
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "JHUB_CONTENT": "{}"}
    subprocess.run(command, env=environment, check=True)


def test_links_lead_to_what_is_there_and_replace_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, home, other = tmp_path / "materials", tmp_path / "home", tmp_path / "other"
    for each in (place, home, other):
        each.mkdir()
    monkeypatch.setattr(jhub_common, "PLACES", {"materials": (str(place), False), "shared": (str(tmp_path / "none"), True)})
    run_hook(home)
    assert {each.name: each.readlink() for each in home.iterdir()} == {"materials": place}
    run_hook(home)
    place.rmdir()
    (home / "shared").mkdir()
    run_hook(home)
    assert [each.name for each in home.iterdir()] == ["shared"]
    (home / "materials").symlink_to(other)
    place.mkdir()
    run_hook(home)
    assert (home / "materials").readlink() == other


@pytest.mark.parametrize(("log", "told"), [("log", "put there\n"), ("none/log", None)])
def test_a_course_is_put_into_a_home_also_where_its_log_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: str, told: str | None
) -> None:
    home, programs = tmp_path / "home", tmp_path / "programs"
    home.mkdir()
    programs.mkdir()
    python = programs / "python3"
    python.write_text("#!/bin/sh\necho put there\ntouch course\n")
    python.chmod(0o755)
    monkeypatch.setattr(jhub_common, "LOG", str(tmp_path / log))
    command = start_hook({"url": "x"})["exec"]["command"]
    subprocess.run(command, env={"HOME": str(home), "PATH": f"{programs}:/usr/bin:/bin"}, check=True)
    assert [each.name for each in home.iterdir()] == ["course"]
    assert (tmp_path / log).read_text() == told if told else not (tmp_path / log).exists()


def test_a_module_of_the_person_is_not_run_in_place_of_pythons_own(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("open('ran', 'w').close()")
    run_hook(tmp_path, {"url": "x"})
    assert [each.name for each in tmp_path.iterdir()] == ["json.py"]


def test_a_program_that_fails_ends_no_container(tmp_path: Path) -> None:
    run_hook(tmp_path, {"url": "x"})


def spawner(found: Any, hooks: dict[str, Any]) -> Any:
    async def read(_claim: str) -> Any:
        return found

    return SimpleNamespace(
        _read_claim=read,
        usual_mounts=None,
        volumes={"home": {}},
        volume_mounts={"home": {}},
        lifecycle_hooks=hooks,
        content=None,
        log=SimpleNamespace(warning=lambda *_: None),
    )


def show(one: Any) -> Any:
    asyncio.run(JhubKubeSpawner._show_common(one))
    return one


def test_what_is_taken_away_is_not_mounted_at_the_next_start() -> None:
    one = show(spawner(claim("materials"), {}))
    assert set(one.volumes) == {"home", "jhub-common-0"}
    assert "postStart" in one.lifecycle_hooks

    async def nothing(_claim: str) -> Any:
        return claim("")

    one._read_claim = nothing
    show(one)
    assert (set(one.volumes), set(one.volume_mounts)) == ({"home"}, {"home"})


def test_a_hook_of_the_values_stays() -> None:
    own = {"postStart": {"exec": {"command": ["own"]}}}
    assert show(spawner(claim("materials"), own)).lifecycle_hooks == own
    assert show(spawner(None, {})).lifecycle_hooks == {}


def test_a_role_without_rights_on_claims_is_said_and_keeps_no_server_from_starting() -> None:
    said: list[str] = []
    one = spawner(None, {})
    one.log = SimpleNamespace(warning=lambda text, *_: said.append(text))

    async def refused(_claim: str) -> Any:
        raise ApiException(status=403, reason="Forbidden")

    one._read_claim = refused
    show(one)
    assert set(one.volumes) == {"home"}
    assert len(said) == 1 and "may not get claims" in said[0]

    async def broken(_claim: str) -> Any:
        raise ApiException(status=500)

    one._read_claim = broken
    with pytest.raises(ApiException):
        show(one)
