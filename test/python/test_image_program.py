"""What happens in the base of an image, with a uv that answers from here."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jhub_image
import pytest

UV = """#!/bin/sh
if [ "$1" = --version ]; then echo "uv 0.13.9"; exit; fi
if [ "$1" = export ]; then grep -q stale uv.lock && {{ echo "needs to be updated" >&2; exit 2; }}; cat uv.lock; exit; fi
echo "$SSL_CERT_FILE $UV_INDEX_URL $*" >> {log}
while [ $# -gt 1 ]; do
  [ "$1" = --constraints ] && cp "$2" {base}
  [ "$1" = --output-file ] && printf 'pandas==%s\\n' "$(sed -n 's/pandas==//p' "$2" | grep . || echo 3)" > "$2.new" && mv "$2.new" "$2"
  shift
done
[ -z "$TMPDIR" ] || : > "$TMPDIR/uv-lock-of-a-python.lock"
grep -q starved wanted.in 2>/dev/null && kill -9 $$
grep -q nosuch wanted.in 2>/dev/null && {{ echo "Because nosuch was not found" >&2; exit 1; }}
exit 0
"""


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV.format(log=tmp_path / "log", base=tmp_path / "base"))
    uv.chmod(uv.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{uv.parent}:/usr/bin:/bin")
    monkeypatch.setattr(jhub_image, "PLACE", tmp_path)
    return tmp_path


def asked(**more: Any) -> dict[str, Any]:
    return {"uv": {"hash": "0", "lock": ""}, "requirements": ["pandas"], "environment": {}, "certificates": "", **more}


def test_packages_are_chosen_beside_those_of_the_base(place: Path) -> None:
    chosen = jhub_image.choose(asked())
    assert chosen == {"python": "{}.{}".format(*sys.version_info), "packages": "pandas==3\n"}
    base = (place / "base").read_text().splitlines()
    assert any(line.startswith("jupyterhub==") for line in base)
    assert not any(line.startswith(("pip==", "uv==", "setuptools==")) for line in base)


def test_versions_that_were_chosen_stay(place: Path) -> None:
    assert jhub_image.choose(asked(previous="pandas==2\n"))["packages"] == "pandas==2\n"


def test_a_refusal_comes_with_what_the_base_has(place: Path) -> None:
    refused = jhub_image.choose(asked(requirements=["nosuch"]))
    assert "nosuch was not found" in refused["refused"]
    assert any(each.startswith("jupyterhub==") for each in refused["base"])


def test_the_index_and_certificates_reach_uv_and_nothing_else(place: Path) -> None:
    before = dict(jhub_image.os.environ)
    jhub_image.install(asked(lock="pandas==3\n", certificates="PEM", environment={"UV_INDEX_URL": "https://a:b@index"}))
    assert (place / "log").read_text().startswith(f"{place}/certificates.pem https://a:b@index pip install")
    assert "--require-hashes" in (place / "log").read_text()
    assert (place / "certificates.pem").read_text().endswith("PEM")
    assert dict(jhub_image.os.environ) == before


def test_kernels_that_are_packages_are_registered_once_they_are_installed(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = place / "bin" / "python"
    python.write_text(f"#!/bin/sh\necho $* >> {place}/ran\n")
    python.chmod(0o700)
    monkeypatch.setattr(jhub_image.sys, "executable", str(python))
    monkeypatch.setattr(jhub_image.site, "getsitepackages", lambda: [str(place)])

    def add(name: str) -> None:
        (place / name).mkdir()
        (place / name / "install.py").touch()

    add("base_kernel")
    monkeypatch.setattr(jhub_image, "install_with", lambda *_: [add("bash_kernel"), add("pandas")])
    jhub_image.install(asked(lock="bash-kernel==1\n"))
    assert (place / "ran").read_text() == "-I -m bash_kernel.install --sys-prefix\n"


@pytest.mark.parametrize(("returned", "code"), [(-9, 137), (2, 2), (0, 1)])
def test_a_program_that_was_ended_is_told_as_that(returned: int, code: int) -> None:
    assert jhub_image.exit_code(returned) == code


def test_no_lock_of_uv_becomes_part_of_the_image(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = [place / "venv", place / "conda"]
    for each in environments:
        each.mkdir()
        (each / ".lock").touch(0o666)
    monkeypatch.setattr(jhub_image.sys, "prefix", str(environments[0]))
    monkeypatch.setattr(jhub_image, "CONDA", environments[1])
    jhub_image.install(asked(lock="pandas==3\n"))
    assert not [each for each in environments if (each / ".lock").exists()]
    assert (place / "uv-lock-of-a-python.lock").exists()


def test_what_is_there_is_told() -> None:
    seen = jhub_image.look({})
    assert seen["packages"]["jupyterhub"]
    assert isinstance(seen["kernels"], list)
    json.dump(seen, io.StringIO())


def test_what_conda_and_pip_installed_beside_the_server_is_told_instead(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = place / "conda"
    monkeypatch.setattr(jhub_image, "CONDA", prefix)
    assert "jupyterhub" in jhub_image.look({})["packages"]
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "gdal-3.9-0.json").write_text('{"name": "gdal", "version": "3.9"}')
    added = prefix / "lib" / "python3.12" / "site-packages" / "Folium-1.0.dist-info"
    added.mkdir(parents=True)
    (added / "METADATA").write_text("Metadata-Version: 2.1\nName: Folium\nVersion: 1.0\n")
    assert jhub_image.look({})["packages"] == {"folium": "1.0", "gdal": "3.9"}


def test_what_pip_adds_to_conda_is_chosen_for_the_python_of_conda(place: Path) -> None:
    pip = asked(constraints=["numpy==2"], left=["numpy"], python="3.11")
    assert jhub_image.choose(pip)["packages"] == "pandas==3\n"
    assert (place / "base").read_text() == "numpy==2\n"
    assert "--python-version 3.11 --no-emit-package numpy" in (place / "log").read_text()


def test_conda_packages_are_installed_where_the_image_keeps_them(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_image, "CONDA", place / "conda")
    source = "import json, sys; print(json.dumps([sys.argv[2:], json.load(sys.stdin)]))"

    def ask(verb: str) -> Any:
        tool = {"lock": "py-rattler==0\n", "hash": "0"}
        wanted = {"verb": verb, "tool": tool, "source": source, "image": "geo", "asked": {"specs": ["gdal"]}}
        return jhub_image.conda(asked(conda=wanted))

    # This uv installs nothing, so what it would have made is made here.
    (place / "conda-0").mkdir()
    assert ask("choose") == [["choose"], {"specs": ["gdal"]}]
    assert ask("install")[0] == ["install", f"{place}/conda", f"{place}/conda-cache"]
    assert ask("kernels")[0] == ["kernels", f"{place}/conda", "/usr/local", "geo"]


def test_a_program_that_was_killed_has_refused_nothing(place: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError, match="SIGKILL"):
        jhub_image.choose(asked(requirements=["starved"]))


@pytest.mark.parametrize("version", ["unknown", "", "1; rm -rf /"])
def test_versions_that_are_none_hold_nothing(version: str) -> None:
    assert jhub_image.constraints({"odd": version, "even": "1.0+local"}) == ["even==1.0+local"]


def test_exports_a_project_and_leaves_nothing(place: Path) -> None:
    project = {"pyproject": "[project]", "lock": "tabulate==0.9\n"}
    assert jhub_image.export(asked(**project)) == {"packages": "tabulate==0.9\n"}
    assert jhub_image.export(asked(**project | {"lock": "stale"})) == {"refused": "needs to be updated\n"}
    assert {each.name for each in place.iterdir()} <= {"bin", "log", "base"}
