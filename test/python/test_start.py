"""Starting a server in a cluster with less: by programs as images have them, and a real jupyterhub-singleuser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import jhub_start
import pytest

PEOPLE = Path(os.environ.get("JHUB_TEST_PEOPLE", Path(sys.prefix).parent / "python-people"))


def run(place: Path, *arguments: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = jhub_start.lighter(jhub_start.USUAL)
    assert isinstance(command, list)
    variables = os.environ | {"PATH": f"{place}:/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(
        [*command, *arguments], env=variables, cwd=home or place, capture_output=True, text=True, timeout=300, check=False
    )


def program(place: Path, text: str) -> Path:
    file = place / jhub_start.USUAL
    file.write_text(text)
    file.chmod(0o755)
    return file


SAYS = """
import gc, sys
print(sys.argv, sys.path[0], __name__, gc.isenabled(), "rfc3987_syntax" in sys.modules and sys.modules["rfc3987_syntax"])
"""


@pytest.mark.parametrize("first", [f"#!{sys.executable}", "#!/usr/bin/env python3"])
def test_the_program_of_the_image_runs_as_it_would(tmp_path: Path, first: str) -> None:
    file = program(tmp_path, first + SAYS)
    said = run(tmp_path, "--port=8888", "a b")
    assert said.stdout == f"{[str(file), '--port=8888', 'a b']} {tmp_path} __main__ True None\n", said.stderr


def test_files_in_a_home_take_the_place_of_no_module(tmp_path: Path) -> None:
    program(tmp_path, f"#!{sys.executable}\nimport random\nprint(random.__file__)\n")
    home = tmp_path / "home"
    home.mkdir()
    for name in ("random", "gc", "runpy", "jupyterhub"):
        (home / f"{name}.py").write_text("raise SystemExit('of the home')")
    said = run(tmp_path, home=home)
    assert said.returncode == 0, said.stderr
    assert str(home) not in said.stdout


def test_another_program_runs_as_it_is(tmp_path: Path) -> None:
    program(tmp_path, '#!/bin/sh\necho "as it is: $*"\n')
    assert run(tmp_path, "--port=8888").stdout == "as it is: --port=8888\n"


def test_an_image_without_the_program_says_so(tmp_path: Path) -> None:
    said = run(tmp_path, home=tmp_path)
    assert said.returncode == 127
    assert f"{jhub_start.USUAL}: not found" in said.stderr


def test_its_exit_code_and_what_it_says_come_through(tmp_path: Path) -> None:
    program(tmp_path, f"#!{sys.executable}\nimport sys\nsys.exit('no such option')\n")
    said = run(tmp_path)
    assert (said.returncode, said.stderr) == (1, "no such option\n")


def test_a_real_server_program_starts_so() -> None:
    said = run(PEOPLE / "bin", "--version")
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip()


@pytest.mark.parametrize("command", [["start-notebook.sh"], ["jupyterhub-singleuser", "--debug"], "sh", None, []])
def test_another_command_is_left_as_it_is(command: object) -> None:
    assert jhub_start.lighter(command) is command
