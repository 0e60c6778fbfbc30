"""Puts the repository of a course into a home when its server starts, by nbgitpuller: what the person changed stays.

It runs as the person, in what holds their server, and nothing of it keeps the server from starting. `JHUB_CONTENT` says which
one, as the hub's settings have it. It must run on any Python 3.10 or newer that has nbgitpuller, with git beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = 60
ANSWER_SECONDS = 5
# Git fails where it would ask somebody for a password.
QUIET = {"GIT_TERMINAL_PROMPT": "0"}
UNFINISHED = ".jhub-content"
# Names of branches and files may be of any bytes.
TEXT: Any = {"text": True, "errors": "replace"}


def main() -> None:
    content = json.loads(os.environ["JHUB_CONTENT"])
    # Where servers are forked, standard input and output belong to what forks them: no program of a person is given either.
    print("jhub:", update(Path.home(), content), file=sys.stderr, flush=True)


def variables_of(content: Any) -> dict[str, str]:
    """What a server is given, for this program to know the repository."""
    return {} if content is None else {"JHUB_CONTENT": json.dumps(content)}


def update(home: Path, content: Any) -> str:
    """Pulls the repository, or clones it beside its place and moves it there when it is whole; gives what happened."""
    place = home / content["directory"]
    try:
        choose_source(content)
        if os.path.lexists(place):
            return why_left(place, content["url"]) or said(place, pull(content, place))
        unfinished = home / UNFINISHED
        remove(unfinished)
        problem = pull(content, unfinished)
        if problem is None:
            unfinished.rename(place)
        return said(place, problem)
    except (OSError, subprocess.TimeoutExpired) as error:
        return said(place, getattr(error, "strerror", None) or type(error).__name__)


def said(place: Path, problem: str | None) -> str:
    return f"{place} is up to date" if problem is None else f"{place} could not be updated: {problem}"


def why_left(place: Path, url: str) -> str | None:
    """Why what is there already is the person's own, and not to be touched."""
    if place.is_symlink() or not (place / ".git").is_dir():
        return f"{place} is here already and is no repository: it is left alone"
    command = ["git", "-C", str(place), "config", "--get", "remote.origin.url"]
    answer = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
        **TEXT,
    )
    origin = answer.stdout.strip()
    return None if origin == url else f"{place} is a copy of another repository: it is left alone"


def answers(url: str) -> bool:
    """Whether the repository answers at its address."""
    words = ["git", "ls-remote", "--quiet", url, "HEAD"]
    environment = os.environ | QUIET
    with subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(ANSWER_SECONDS) == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False


def choose_source(content: Any) -> None:
    """Has git read the copy of the repository in place of its address where that does not answer, in all that the server runs."""
    if "mirror" not in content:
        return
    mirror, configuration = Path(content["mirror"]), Path(content["configuration"])
    # With what was written before, the address would answer by the copy.
    configuration.unlink(missing_ok=True)
    if not mirror.is_file() or answers(content["url"]):
        return
    source = mirror if content["branch"] else with_branch(mirror, configuration.with_suffix(".git"))
    configuration.write_text(f'[url "{source}"]\n\tinsteadOf = {content["url"]}\n')


def with_branch(mirror: Path, place: Path) -> Path:
    """A repository made of the copy: the copy itself does not say which branch a course without one means."""
    remove(place)
    words = ["git", "-c", "init.defaultBranch=main", "clone", "--quiet", "--bare", str(mirror), str(place)]
    subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=SECONDS)
    return place


def pull(content: Any, place: Path) -> str | None:
    """Gives why nbgitpuller failed."""
    words = [sys.executable, "-I", "-m", "nbgitpuller.pull", content["url"], content["branch"] or "", str(place)]
    environment = os.environ | QUIET
    options: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "stdin": subprocess.DEVNULL, **TEXT}
    with subprocess.Popen(words, env=environment, start_new_session=True, **options) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return f"it took longer than {SECONDS} s"
    return None if process.returncode == 0 else reason_in(output)


def reason_in(output: str) -> str:
    """Git's last complaint, else the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    complaints = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return (complaints or lines or ["no reason given"])[-1]


def remove(place: Path) -> None:
    if place.is_symlink() or place.is_file():
        place.unlink()
    else:
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    main()
