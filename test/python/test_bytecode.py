"""What a second environment of the same packages compiles anew."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from conftest import ROOT


def compile_environment(environments: Path, new: Path) -> None:
    program = ROOT / "assets" / "vm" / "jhub_bytecode.py"
    # Somebody else's module, where an admin stands.
    (environments / "compileall.py").write_text("raise SystemExit")
    subprocess.run([sys.executable, program, environments, new], check=True, cwd=environments)
    (new / ".jhub-whole").touch()


def install(environment: Path, name: str, cached: Path) -> Path:
    """Links a file of uv's cache, as uv does."""
    place = environment / "lib" / "python3" / "site-packages" / "package"
    place.mkdir(parents=True, exist_ok=True)
    os.link(cached, place / name)
    return place / name


def test_bytecode_of_the_same_source_is_shared_and_the_rest_is_compiled(tmp_path: Path) -> None:
    cache, environments = tmp_path / "cache", tmp_path / "env"
    cache.mkdir()
    for name in ("same.py", "other.py", "fresh.py"):
        (cache / name).write_text(f"where = (lambda: None).__code__.co_filename\nname = {name!r}\n")
    (cache / "template.py").write_text("{{ no python }}")
    first = environments / "user-1"
    before = install(first, "same.py", cache / "same.py")
    install(first, "other.py", cache / "other.py")
    compile_environment(environments, first)
    second = environments / "image-data-2"
    same, fresh = (install(second, name, cache / name) for name in ("same.py", "fresh.py"))
    install(second, "template.py", cache / "template.py")
    compile_environment(environments, second)
    assert os.path.samefile(cache_from_source(str(same)), cache_from_source(str(before)))
    assert Path(cache_from_source(str(fresh))).stat().st_nlink == 1
    command = [sys.executable, "-B", "-c", "import same; print(same.where)"]
    said = subprocess.run(command, cwd=same.parent, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == str(same)


def test_bytecode_of_a_half_environment_or_an_older_source_is_not_taken(tmp_path: Path) -> None:
    environments, cached = tmp_path / "env", tmp_path / "same.py"
    cached.write_text("name = 1\n")
    first, second, third = (environments / name for name in ("half", "second", "third"))
    half = install(first, "same.py", cached)
    compile_environment(environments, first)
    (first / ".jhub-whole").unlink()
    later = install(second, "same.py", cached)
    compile_environment(environments, second)
    assert not os.path.samefile(cache_from_source(str(half)), cache_from_source(str(later)))
    os.utime(cached, (1, 1))
    last = install(third, "same.py", cached)
    compile_environment(environments, third)
    assert not os.path.samefile(cache_from_source(str(later)), cache_from_source(str(last)))
