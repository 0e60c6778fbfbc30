"""An environment made of links to another hub's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

PROGRAM = ROOT / "assets" / "vm" / "jhub_linked_environment.py"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    environment = tmp_path / "one" / "env" / "user-1"
    packages = environment / "lib" / "python3" / "site-packages"
    kernels = environment / "share" / "jupyter" / "kernels"
    for directory in (packages / "package" / "__pycache__", kernels, environment / "bin"):
        directory.mkdir(parents=True)
    (packages / "package" / "module.py").write_text("name = 1\n")
    (packages / "package" / "__pycache__" / "module.pyc").write_bytes(b"compiled")
    (packages / "added.pth").write_text(f"{environment}/more\n")
    (kernels / "kernel.json").write_text(f'{{"argv": ["{environment}/bin/python"]}}')
    (environment / "bin" / "python").symlink_to(Path(sys.executable).resolve())
    (environment / "bin" / "jupyter").write_text(f"#!{environment}/bin/python\n")
    (environment / "bin" / "jupyter").chmod(0o755)
    (environment / "lib64").symlink_to("lib")
    (environment / ".jhub-whole").touch()
    (environment / ".lock").touch()
    for directory in (environment, environment.parent, environment.parent.parent):
        directory.chmod(0o755)
    return environment


def make(other: Path, new: Path) -> subprocess.CompletedProcess[str]:
    new.mkdir(parents=True, mode=0o700)
    command = [sys.executable, "-I", "-", other, new]
    return subprocess.run(command, input=PROGRAM.read_text(), capture_output=True, text=True)


def test_files_are_links_and_what_says_where_it_stands_is_written_anew(other: Path, tmp_path: Path) -> None:
    new = tmp_path / "two" / "env" / "user-1"
    assert make(other, new).returncode == 0
    packages = Path("lib") / "python3" / "site-packages"
    for shared in (packages / "package" / "module.py", packages / "package" / "__pycache__" / "module.pyc"):
        assert os.path.samefile(other / shared, new / shared)
    texts = (Path("bin/jupyter"), Path("share/jupyter/kernels/kernel.json"), packages / "added.pth")
    for text in texts:
        assert str(new) in (new / text).read_text()
        assert str(other) not in (new / text).read_text()
        assert str(other) in (other / text).read_text()
    assert os.access(new / "bin" / "jupyter", os.X_OK)
    assert os.readlink(new / "lib64") == "lib"
    # A mark says that it is whole, and a lock that is shared would be held by whoever installs at the other hub.
    assert not (new / ".jhub-whole").exists()
    assert not (new / ".lock").exists()
    assert new.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("above", [0, 1, 2])
def test_what_another_account_can_write_is_not_taken(other: Path, tmp_path: Path, above: int) -> None:
    (other, *other.parents)[above].chmod(0o777)
    new = tmp_path / "two" / "env" / "user-1"
    said = make(other, new)
    assert said.returncode != 0
    assert "others can write" in said.stderr
    assert list(new.iterdir()) == []


def test_an_environment_of_another_python_is_not_taken(other: Path, tmp_path: Path) -> None:
    (other / "bin" / "python").unlink()
    (other / "bin" / "python").symlink_to("/usr/bin/env")
    said = make(other, tmp_path / "two" / "env" / "user-1")
    assert "another Python" in said.stderr
    assert said.returncode != 0


def test_a_link_in_place_of_an_environment_is_not_followed(other: Path, tmp_path: Path) -> None:
    place = tmp_path / "three" / "env"
    place.mkdir(parents=True)
    (place / "user-1").symlink_to(other)
    assert make(place / "user-1", tmp_path / "two" / "env" / "user-1").returncode != 0
