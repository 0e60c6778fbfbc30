"""Compiles a new environment, but for what another one has compiled: of a source that both link to, the bytecode is linked too.

    python -I - ENVIRONMENTS NEW < jhub_bytecode.py

The interpreter takes bytecode by the time and size of its source, which are the same, and sets the path anew when it loads it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import cache_from_source
from pathlib import Path

Identity = tuple[int, int]


def sources(environment: Path) -> Iterator[tuple[Identity, Path]]:
    """Every Python file of the environment's packages that is linked to somewhere else."""
    for directory, _, names in os.walk(environment / "lib"):
        for name in names:
            if name.endswith(".py"):
                path = Path(directory, name)
                seen = path.lstat()
                if seen.st_nlink > 1:
                    yield (seen.st_dev, seen.st_ino), path


def share(environments: Path, new: Path) -> int:
    """Links what can be; gives the number of files."""
    wanted = dict(sources(new))
    linked = 0
    for other in sorted(environments.iterdir()):
        if other == new or not (other / ".jhub-whole").is_file():
            continue
        for identity, source in sources(other):
            compiled, target = Path(cache_from_source(str(source))), wanted.get(identity)
            if target is None or not compiled.is_file():
                continue
            place = Path(cache_from_source(str(target)))
            place.parent.mkdir(exist_ok=True)
            # One that is there already, and a file system without links: it is compiled then, as any other.
            with contextlib.suppress(OSError):
                os.link(compiled, place)
                linked += 1
                del wanted[identity]
    return linked


def main(environments: Path, new: Path) -> None:
    share(environments, new)
    # What is linked is found to be right. Files that are no Python (templates) cannot be compiled, and need not be.
    command = [sys.executable, "-I", "-m", "compileall", "-qq", "-j", "0", str(new / "lib")]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
