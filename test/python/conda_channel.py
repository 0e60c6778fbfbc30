"""A channel of conda on this disk, with a Python in it."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

SUBDIR = {"x86_64": "linux-64", "aarch64": "linux-aarch64"}[os.uname().machine]
MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"


def make_channel(place: Path) -> str:
    """Packages: a Python that is the one of this machine, two versions of one for any Python, and one that fits none of them."""
    place.mkdir()
    python = {
        "bin/python": Path(os.path.realpath(sys.executable)),
        "pyvenv.cfg": f"home = {Path(os.path.realpath(sys.executable)).parent}\nversion = {sys.version.split()[0]}\n",
        f"lib/python{MINOR}/site-packages/README.txt": "packages",
    }
    packages = [
        write_package(place / SUBDIR, "python", sys.version.split()[0].replace("+", ""), python),
        *(
            write_package(place / "noarch", "greeting", version, {"site-packages/greeting.py": f"said = '{version}'\n"}, ["python"])
            for version in ("1.0", "2.0")
        ),
        write_package(place / "noarch", "picky", "1.0", {"site-packages/picky.py": ""}, ["python", "greeting <2"]),
    ]
    for subdir in (SUBDIR, "noarch"):
        records = {name: facts for where, name, facts in packages if where == subdir}
        (place / subdir / "repodata.json").write_text(json.dumps({"info": {"subdir": subdir}, "packages": records, "repodata_version": 1}))
    return place.as_uri()


def write_package(
    directory: Path, name: str, version: str, files: dict[str, str | Path], depends: list[str] | None = None
) -> tuple[str, str, dict[str, Any]]:
    directory.mkdir(exist_ok=True)
    is_noarch = directory.name == "noarch"
    index: dict[str, Any] = {"name": name, "version": version, "build": "0", "build_number": 0, "depends": depends or [], "subdir": directory.name}
    if is_noarch:
        index["noarch"] = "python"
    paths = [
        {"_path": path, "path_type": "softlink" if isinstance(content, Path) else "hardlink", **(digest(content) if isinstance(content, str) else {})}
        for path, content in files.items()
    ]
    archive = directory / f"{name}-{version}-0.tar.bz2"
    with tarfile.open(archive, "w:bz2") as tar:
        for path, content in files.items():
            add(tar, path, content)
        add(tar, "info/index.json", json.dumps(index))
        add(tar, "info/paths.json", json.dumps({"paths": paths, "paths_version": 1}))
        if is_noarch:
            add(tar, "info/link.json", json.dumps({"noarch": {"type": "python"}, "package_metadata_version": 1}))
    data = archive.read_bytes()
    facts = {**index, "sha256": hashlib.sha256(data).hexdigest(), "md5": hashlib.md5(data).hexdigest(), "size": len(data)}
    return directory.name, archive.name, facts


def digest(content: str) -> dict[str, Any]:
    data = content.encode()
    return {"sha256": hashlib.sha256(data).hexdigest(), "size_in_bytes": len(data)}


def add(tar: tarfile.TarFile, path: str, content: str | Path) -> None:
    member = tarfile.TarInfo(path)
    if isinstance(content, Path):
        member.type, member.linkname = tarfile.SYMTYPE, str(content)
        tar.addfile(member)
        return
    data = content.encode()
    member.size, member.mode = len(data), 0o644
    tar.addfile(member, io.BytesIO(data))


if __name__ == "__main__":
    make_channel(Path(sys.argv[1]))
