"""Makes an environment of links to one that another hub installed from the same lock: nothing is fetched or compiled.

    python -I - OTHER NEW < jhub_linked_environment.py

It ends with an error, and the environment is to be installed, where the other was made by another interpreter or could have
been written by another account.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

# uv holds a lock on the first while it installs; the second says that the other is whole.
OWN = {".lock", ".jhub-whole"}
LARGEST_TEXT = 1 << 20


def require_ours(environment: Path) -> None:
    for directory in (environment, *list(environment.parents)[:2]):
        seen = directory.lstat()
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid() or seen.st_mode & 0o022:
            raise SystemExit(f"others can write {directory}")


def require_same_interpreter(environment: Path) -> None:
    if (environment / "bin" / "python").resolve() != Path(sys.executable).resolve():
        raise SystemExit(f"{environment} is of another Python")


def link(other: Path, new: Path) -> None:
    for directory, names, files in os.walk(other):
        place = new / Path(directory).relative_to(other)
        place.mkdir(exist_ok=True)
        if place != new:
            place.chmod(stat.S_IMODE(os.lstat(directory).st_mode))
        for name in files + [name for name in names if Path(directory, name).is_symlink()]:
            if name not in OWN or place != new:
                link_file(Path(directory, name), place / name, other, new)


def link_file(source: Path, target: Path, other: Path, new: Path) -> None:
    if source.is_symlink():
        os.symlink(os.readlink(source).replace(str(other), str(new)), target)
        return
    if says_where_it_stands(source, other):
        target.write_bytes(source.read_bytes().replace(os.fsencode(other), os.fsencode(new)))
        shutil.copymode(source, target)
        return
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def says_where_it_stands(source: Path, other: Path) -> bool:
    """Programs, settings and kernels do; of the packages, only what adds to Python's path. Bytecode is set right when it is loaded."""
    if "site-packages" in source.parts and source.suffix != ".pth":
        return False
    return source.lstat().st_size < LARGEST_TEXT and os.fsencode(other) in source.read_bytes()


def main(other: Path, new: Path) -> None:
    require_ours(other)
    require_same_interpreter(other)
    link(other, new)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
