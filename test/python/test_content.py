"""The repository of a course in a home, with a real git; a script stands in for nbgitpuller where that is not installed."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import jhub_common
import jhub_content
import jhub_mirror
import pytest
from jhub_content import update
from jhub_mirror import ContentMirror


def git(place: Path, *words: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@t.example"]
    answer = subprocess.run(["git", *identity, "-C", str(place), *words], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def commit(source: Path, text: str) -> None:
    (source / "lesson.txt").write_text(text)
    git(source, "add", ".")
    git(source, "commit", "-m", text)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    place = tmp_path / "source"
    place.mkdir()
    git(place, "init", "--initial-branch", "main")
    commit(place, "one")
    return place


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def pull(content: Any, place: Path) -> str | None:
        words = ["-C", str(place), "pull", "--quiet"] if place.exists() else ["clone", "--quiet", content["url"], str(place)]
        answer = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
        return None if answer.returncode == 0 else answer.stderr.strip().splitlines()[-1]

    monkeypatch.setattr(jhub_content, "pull", pull)


def content_of(url: str) -> dict[str, Any]:
    return {"url": url, "branch": "main", "directory": "course"}


def test_it_is_cloned_whole_and_brought_up_to_date(tmp_path: Path, source: Path) -> None:
    home = tmp_path / "home"
    (home / ".jhub-content" / "half").mkdir(parents=True)
    content = content_of(f"file://{source}")
    assert update(home, content).endswith("is up to date")
    assert [each.name for each in home.iterdir()] == ["course"]
    commit(source, "two")
    assert update(home, content).endswith("is up to date")
    assert (home / "course" / "lesson.txt").read_text() == "two"


def test_what_is_the_persons_own_is_left_alone(tmp_path: Path, source: Path) -> None:
    content = content_of(f"file://{source}")
    for make, said in (
        (lambda place: place.write_text("mine"), "is no repository"),
        (lambda place: place.mkdir(), "is no repository"),
        (lambda place: place.symlink_to(source), "is no repository"),
        (lambda place: subprocess.run(["git", "clone", "-q", f"file://{source}/.", str(place)], check=True), "another repository"),
    ):
        home = tmp_path / os.urandom(4).hex()
        home.mkdir()
        make(home / "course")
        assert said in update(home, content)
        assert [each.name for each in home.iterdir()] == ["course"]


def test_no_program_is_given_what_stands_at_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        given.append(options.get("stdin"))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(jhub_content.subprocess, "run", run)
    (tmp_path / "course" / ".git").mkdir(parents=True)
    update(tmp_path, content_of("https://git.example/course/"))
    assert given == [subprocess.DEVNULL]


def test_a_repository_that_is_away_leaves_nothing_half(tmp_path: Path) -> None:
    assert "could not be updated" in update(tmp_path, content_of(f"file://{tmp_path}/none"))
    assert not (tmp_path / "course").exists()


def mirror_of(tmp_path: Path, content: dict[str, Any] | None) -> ContentMirror:
    settings = {"content": content, "contentDirectory": str(tmp_path / "content"), "userEnvironment": "/env"}
    return ContentMirror(settings)


def test_the_mirror_is_fetched_once_a_minute_and_servers_start_without_it(tmp_path: Path, source: Path) -> None:
    bare = tmp_path / "content" / "mirror.git"
    subprocess.run(["git", "clone", "--quiet", "--mirror", f"file://{source}", str(bare)], check=True)
    mirror = mirror_of(tmp_path, content_of("https://git.example/course/"))
    commit(source, "two")
    asyncio.run(mirror.refresh())
    newest = git(source, "rev-parse", "main")
    assert git(bare, "rev-parse", "main") == newest
    commit(source, "three")
    asyncio.run(mirror.refresh())
    assert git(bare, "rev-parse", "main") == newest
    mirror.fetched -= 61
    source.rename(tmp_path / "away")
    asyncio.run(mirror.refresh())
    assert git(bare, "rev-parse", "main") == newest


def test_a_fetch_that_takes_too_long_leaves_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = mirror_of(tmp_path, content_of("https://git.example/course/"))
    programs, lock = tmp_path / "programs", tmp_path / "lock"
    programs.mkdir()
    git = programs / "git"
    git.write_text(f"#!/bin/sh\ntrap 'rm {lock}; exit' TERM\ntouch {lock}\nsleep 60 &\nwait\n")
    git.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")

    async def until_late(communicating: Any, _seconds: float) -> Any:
        waiting = asyncio.ensure_future(communicating)
        while not lock.exists() and not waiting.done():
            await asyncio.sleep(0.02)
        return await real_wait_for(waiting, 0.01 if lock.exists() else None)

    real_wait_for = asyncio.wait_for
    monkeypatch.setattr(jhub_mirror.asyncio, "wait_for", until_late)
    monkeypatch.setattr(jhub_mirror, "end", restoring(monkeypatch, jhub_mirror.end, real_wait_for))
    assert asyncio.run(mirror.fetch()) == "it took longer than 20 s"
    assert not lock.exists()


def restoring(monkeypatch: pytest.MonkeyPatch, end: Any, wait_for: Any) -> Any:
    """Ends a process with the patience that is real."""

    def begin(process: Any) -> Any:
        monkeypatch.setattr(jhub_mirror.asyncio, "wait_for", wait_for)
        return end(process)

    return begin


def test_everybody_can_read_what_the_hub_fetched(tmp_path: Path, source: Path) -> None:
    bare = tmp_path / "content" / "mirror.git"
    subprocess.run(["git", "clone", "--quiet", "--mirror", f"file://{source}", str(bare)], check=True, umask=0o022)
    commit(source, "two")
    mask = os.umask(0o077)
    try:
        asyncio.run(mirror_of(tmp_path, content_of("https://git.example/course/")).refresh())
    finally:
        os.umask(mask)
    closed = [each for each in bare.rglob("*") if each.stat().st_mode & 0o004 == 0]
    assert git(bare, "rev-parse", "main") == git(source, "rev-parse", "main")
    assert closed == []


def test_a_home_is_filled_only_where_there_is_something_to_fill_it_with(tmp_path: Path) -> None:
    assert (mirror_of(tmp_path, None).variables, mirror_of(tmp_path, None).command) == ({}, None)
    mirror = mirror_of(tmp_path, content_of("https://git.example/course/"))
    assert mirror.command is None
    program = tmp_path / "content" / "jhub_content.py"
    program.parent.mkdir()
    program.write_text("")
    assert mirror.command == ["/env/bin/python", "-I", str(program)]
    assert mirror.variables["GIT_CONFIG_SYSTEM"] == f"{program.parent}/gitconfig"


def test_git_reads_the_copy_only_where_the_address_does_not_answer(tmp_path: Path, source: Path) -> None:
    copy, url = tmp_path / "repository.gitbundle", f"file://{tmp_path}/away/"
    git(source, "bundle", "create", "--quiet", str(copy), "--all")
    configuration = tmp_path / "gitconfig"
    content = {**content_of(url), "mirror": str(copy), "configuration": str(configuration)}
    given = os.environ | included(configuration)
    jhub_content.choose_source(content)
    clone = ["git", "clone", "--quiet", "--branch", "main", url, str(tmp_path / "course")]
    subprocess.run(clone, env=given, check=True)
    assert (tmp_path / "course" / "lesson.txt").read_text() == "one"
    commit(source, "two")
    git(source, "bundle", "create", "--quiet", str(copy), "--all")
    subprocess.run(["git", "-C", str(tmp_path / "course"), "pull", "--quiet"], env=given, check=True)
    assert (tmp_path / "course" / "lesson.txt").read_text() == "two"
    source.rename(tmp_path / "away")
    jhub_content.choose_source(content)
    assert not configuration.exists()
    jhub_content.choose_source({**content, "mirror": str(tmp_path / "none"), "url": "file:///none"})
    assert not configuration.exists()


def included(configuration: Path) -> dict[str, str]:
    variables = jhub_common.content_variables(content_of("https://git.example/course/"))
    given = {name: value for name, value in variables.items() if name.startswith("GIT_CONFIG_")}
    assert given["GIT_CONFIG_VALUE_0"] == jhub_common.CONFIGURATION
    return {**given, "GIT_CONFIG_VALUE_0": str(configuration)}


def test_a_copy_says_which_branch_a_course_without_one_means(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, url = tmp_path / "repository.gitbundle", f"file://{tmp_path}/away/"
    git(source, "branch", "old")
    git(source, "checkout", "--quiet", "-b", "spring")
    commit(source, "two")
    git(source, "bundle", "create", "--quiet", str(copy), "--all")
    configuration = tmp_path / "gitconfig"
    content = {**content_of(url), "branch": None, "mirror": str(copy), "configuration": str(configuration)}
    for name, value in included(configuration).items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        jhub_content.choose_source(content)
        # As nbgitpuller asks for the branch of a link that names none.
        words = ["git", "ls-remote", "--symref", "--", url, "HEAD"]
        asked = subprocess.run(words, check=True, capture_output=True, text=True)
        assert asked.stdout.startswith("ref: refs/heads/spring\t")


def test_a_repository_whose_address_is_no_text_is_left_alone(tmp_path: Path, source: Path) -> None:
    place = tmp_path / "home" / "course"
    place.mkdir(parents=True)
    git(place, "init")
    with (place / ".git" / "config").open("ab") as configuration:
        configuration.write(b'[remote "origin"]\n\turl = /srv/\xff\xfe\n')
    assert "another repository" in update(tmp_path / "home", content_of(f"file://{source}"))
