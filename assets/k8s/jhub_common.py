"""What servers in a cluster show everybody: directories of one volume, as links in each home, and the repository of a course."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jhub_content

# As `src/engines/kubernetes/clusters/names.ts` has them.
CLAIM = "jhub-common"
SHOWN = "jhub.jupyter.org/shown"

PLACE = "/srv/jhub"
# By the name in a home: where it is, and whether servers may write there.
PLACES = {"materials": (f"{PLACE}/materials/current", False), "shared": (f"{PLACE}/shared", True)}
# A copy of the course's repository, which servers read where its address does not answer.
CONTENT = "content"
MIRROR = f"{PLACE}/{CONTENT}/current/repository.gitbundle"
# What git reads in a server beside its own settings; there only while the address does not answer.
CONFIGURATION = "/tmp/.jhub-content.gitconfig"

# The container's own output, which is its log. A container that has only just begun lets nobody open it.
LOG = "/proc/1/fd/1"
UPDATE = """
said=$(python3 -I -c "$0" 2>&1)
printf '%s\\n' "$said" >{log}
"""

LINK = """
if [ -d '{place}' ]; then [ -e {name} ] || [ -L {name} ] || ln -s '{place}' {name}
elif [ "$(readlink {name})" = '{place}' ]; then rm -f {name}
fi
"""


def shown_on(claim: Any) -> list[str]:
    """What is shown of the volume of this claim; nothing while it has none, which would keep every server from starting."""
    if claim is None or claim.status.phase != "Bound":
        return []
    names = (claim.metadata.annotations or {}).get(SHOWN, "").split()
    return [name for name in (*PLACES, CONTENT) if name in names]


def volume() -> dict[str, Any]:
    return {"name": CLAIM, "persistentVolumeClaim": {"claimName": CLAIM}}


def mounts(shown: Sequence[str]) -> list[dict[str, Any]]:
    writable = [name for name, (_, may_write) in PLACES.items() if may_write]
    return [
        {"name": CLAIM, "mountPath": f"{PLACE}/{name}", "subPath": name, "readOnly": name not in writable} for name in shown
    ]


def content_variables(content: dict[str, Any] | None) -> dict[str, str]:
    """What a server is given, to know the repository and its copy."""
    if content is None:
        return {}
    known = jhub_content.variables_of({**content, "mirror": MIRROR, "configuration": CONFIGURATION})
    return {**known, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "include.path", "GIT_CONFIG_VALUE_0": CONFIGURATION}


def with_more(usual: Any, more: Sequence[dict[str, Any]]) -> Any:
    """The chart gives volumes by name, and somebody's own configuration may give a list of them."""
    if isinstance(usual, dict):
        return {**usual, **{f"{CLAIM}-{index}": each for index, each in enumerate(more)}}
    return [*usual, *more]


def start_hook(content: dict[str, Any] | None) -> dict[str, Any]:
    """What runs in a server's container as it starts, as the person. It never fails: that would end the container."""
    links = "".join(LINK.format(name=name, place=place) for name, (place, _) in PLACES.items())
    update = "" if content is None else UPDATE.format(log=LOG)
    script = f"cd ~ || exit 0\n{{{links}}} 2>/dev/null\n{update}exit 0\n"
    words = ["sh", "-c", script]
    return {"exec": {"command": words if content is None else [*words, read_program()]}}


@cache
def read_program() -> str:
    return Path(jhub_content.__file__).read_text()
