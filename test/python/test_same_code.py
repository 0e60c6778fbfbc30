"""A service that forks servers of an image runs no line of the image's own as root."""

from __future__ import annotations

import _ctypes
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import venv
from pathlib import Path

import pytest
from conftest import ROOT

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only where systemd is")
PACKAGES = Path(sysconfig.get_path("purelib", vars={"base": "", "platbase": ""})).relative_to("/")


@pytest.fixture
def environments(tmp_path: Path) -> tuple[Path, Path]:
    """The standard environment and an image, with the same package `shared`."""
    for name in ("user-1", "image-x-1"):
        venv.create(tmp_path / name, symlinks=True)
        put(tmp_path / name, "shared/__init__.py", "import sys\nPREFIX = sys.prefix\ndef where():\n    return where.__code__.co_filename\n")
    return tmp_path / "user-1", tmp_path / "image-x-1"


def put(environment: Path, name: str, text: str) -> None:
    place = environment / PACKAGES / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(textwrap.dedent(text))


def preload(environments: tuple[Path, Path], *modules: str, then: str = "", path: str = "/usr/bin:/bin") -> str:
    """Preloads these modules of the image in the standard Python, and says what was printed."""
    standard, image = environments
    program = f"""
import sys
from pathlib import Path
sys.path[:0] = [{str(ROOT / "assets/vm")!r}]
import jhub_preload
jhub_preload.MODULES = {modules!r}
jhub_preload.extensions = lambda: []
try:
    preloaded = jhub_preload.preload(Path({str(image)!r}))
except jhub_preload.CannotPreload as error:
    print("cannot:", error)
else:
    print("imported:", *(name for name in {modules!r} if name in sys.modules))
    {then}
"""
    variables = {
        "PATH": path,
        "HOME": "/nonexistent/home-of-the-fork-service",
        "USER": "user-of-the-fork-service",
        "JUPYTERHUB_SERVICE_PREFIX": "/prefix-of-the-fork-service/",
    }
    command = [str(standard / "bin/python"), "-c", program]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout


@on_linux
def test_what_is_the_same_is_imported_as_the_images(environments: tuple[Path, Path]) -> None:
    then = "import shared, sysconfig; print(shared.PREFIX, shared.__file__, shared.where(), sys.executable, sysconfig.get_path('purelib'))"
    image = environments[1]
    file = image / PACKAGES / "shared/__init__.py"
    said = preload(environments, "shared", then=then)
    assert "imported: shared" in said
    assert said.split()[-5:] == [str(image), str(file), str(file), str(image / "bin/python"), str(image / PACKAGES)]


@on_linux
@pytest.mark.parametrize("name", ["shared/__init__.py", "own.py", "own/__init__.py", "sitecustomize.py", "usercustomize.py"])
def test_nothing_of_the_images_own_is_run(environments: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    mark = tmp_path / "ran"
    put(environments[1], name, f"open({str(mark)!r}, 'w')")
    said = preload(environments, "shared", "own")
    assert not mark.exists()
    assert ("imported: shared" in said) == (name != "shared/__init__.py")


@on_linux
def test_nor_what_it_adds_to_every_start_of_python(environments: tuple[Path, Path], tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    put(environments[1], "hook.pth", f"import sys; open({str(mark)!r}, 'a').write('pth ')\n")
    put(environments[1], "sitecustomize.py", f"open({str(mark)!r}, 'a').write('site')")
    preload(environments, "shared")
    assert not mark.exists()
    # In the server, which is the person's, it is.
    preload(environments, "shared", then="from jhub_same_code import let_image_in; let_image_in(preloaded.finder)")
    assert mark.read_text() == "pth site"


@on_linux
def test_nor_bytecode_that_the_image_brought_for_the_same_source(environments: tuple[Path, Path], tmp_path: Path) -> None:
    standard, image = environments
    mark = tmp_path / "ran"
    put(standard, "plain.py", "VALUE = 1\n")
    shutil.copy2(standard / PACKAGES / "plain.py", image / PACKAGES / "plain.py")
    crafted = tmp_path / "crafted.py"
    crafted.write_text(f"open({str(mark)!r}, 'w')\n")
    make = f"""
import importlib._bootstrap_external as external, importlib.util, os, pathlib
source = {str(image / PACKAGES / "plain.py")!r}
code = compile(open({str(crafted)!r}).read(), source, "exec")
seen = os.stat(source)
place = pathlib.Path(importlib.util.cache_from_source(source))
place.parent.mkdir(exist_ok=True)
place.write_bytes(external._code_to_timestamp_pyc(code, int(seen.st_mtime), seen.st_size))
"""
    subprocess.run([str(image / "bin/python"), "-c", make], check=True)
    assert "imported: plain" in preload(environments, "plain")
    assert not mark.exists()
    subprocess.run([str(image / "bin/python"), "-c", "import plain"], check=True)
    assert mark.exists(), "an ordinary import runs it"


RUNNERS = {
    "a program in PATH": "import subprocess\nsubprocess.run(['tool'])\n",
    "a shell": "import os\nos.system('tool')\n",
    "a program for multiprocessing": "from multiprocessing import util\nutil.spawnv_passfds(b'TOOL', [b'tool'], [])\n",
    "a library": "import ctypes, pathlib\nctypes.CDLL(pathlib.Path(__file__).with_name('library.so'))\n",
}


@on_linux
@pytest.mark.parametrize("text", RUNNERS.values(), ids=RUNNERS)
def test_nor_programs_and_libraries_that_the_same_modules_use(
    environments: tuple[Path, Path], tmp_path: Path, text: str
) -> None:
    mark, tool = tmp_path / "ran", environments[1] / "bin/tool"
    tool.write_text(f"#!/bin/sh\n: > {mark}\n")
    tool.chmod(0o755)
    for environment in environments:
        put(environment, "runs.py", text.replace("TOOL", str(tool)))
    shutil.copy2(str(_ctypes.__file__), environments[1] / PACKAGES / "library.so")
    assert preload(environments, "shared", "runs", path=f"{tool.parent}:/usr/bin:/bin").endswith("imported: shared\n")
    assert not mark.exists()


LABAPP = """
import subprocess, types
try:
    subprocess.run(["node"])
except OSError:
    pass
get_user_settings_dir = get_workspaces_dir = lambda: ""
class LabApp:
    user_settings_dir, workspaces_dir = types.SimpleNamespace(), types.SimpleNamespace()
"""


@on_linux
def test_jupyterlab_is_imported_without_the_program_that_it_asks(environments: tuple[Path, Path], tmp_path: Path) -> None:
    mark, node = tmp_path / "ran", environments[1] / "bin/node"
    node.write_text(f"#!/bin/sh\n: > {mark}\n")
    node.chmod(0o755)
    for environment in environments:
        put(environment, "jupyterlab/__init__.py", "")
        put(environment, "jupyterlab/labapp.py", LABAPP)
    then = "import subprocess; subprocess.run(['node'])"
    path = f"{node.parent}:/usr/bin:/bin"
    assert "imported: jupyterlab.labapp" in preload(environments, "jupyterlab.labapp", path=path)
    assert not mark.exists()
    preload(environments, "jupyterlab.labapp", path=path, then=then)
    assert mark.exists(), "a server runs programs"


@on_linux
def test_nor_modules_from_a_place_that_a_file_of_the_image_names(environments: tuple[Path, Path], tmp_path: Path) -> None:
    standard, image = environments
    mark, elsewhere = tmp_path / "ran", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "planted.py").write_text(f"open({str(mark)!r}, 'w')\n")
    put(image, "wide/planted2.py", f"open({str(mark)!r}, 'w')\n")
    for environment in environments:
        text = "import pkgutil\n__path__ = pkgutil.extend_path(__path__, __name__)\n"
        put(environment, "wide/__init__.py", text)
    around = f"{standard}/../{image.name}/{PACKAGES}/wide"
    put(image, "wide.pkg", f"{elsewhere}\n/proc/self/root{around}\n")
    said = preload(environments, "wide", "wide.planted", "wide.planted2")
    assert said.endswith("imported: wide\n")
    assert not mark.exists()


@on_linux
def test_a_module_that_ends_the_program_is_left_to_the_server(environments: tuple[Path, Path]) -> None:
    for environment in environments:
        put(environment, "ends.py", "raise SystemExit(3)\n")
    assert preload(environments, "shared", "ends").endswith("imported: shared\n")


@on_linux
def test_a_module_that_needs_the_images_own_is_left_to_the_server(environments: tuple[Path, Path]) -> None:
    for environment in environments:
        put(environment, "needs.py", "try:\n    import own\nexcept ImportError:\n    own = None\n")
    put(environments[1], "own.py", "")
    assert preload(environments, "shared", "needs").splitlines()[-1] == "imported: shared"


@on_linux
def test_an_image_of_another_python_is_not_taken(environments: tuple[Path, Path]) -> None:
    python = environments[1] / "bin/python"
    python.unlink()
    shutil.copy2(Path(sys.executable).resolve(), python)
    assert "cannot: the image is of" in preload(environments, "shared")
