"""What all people of a hub see in their homes: the materials that were given to them, and the directory that they share."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

log = logging.getLogger("jhub")

# Their names in a home.
MATERIALS, SHARED = "materials", "shared"
SHARED_MODE = 0o1777
HOME = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def places_of(settings: dict[str, Any]) -> dict[str, tuple[Path, bool]]:
    """By the name in a home: where it is, and whether the hub has it now."""
    materials, shared = Path(settings["materialsDirectory"]) / "current", Path(settings["sharedDirectory"])
    return {MATERIALS: (materials, materials.is_dir()), SHARED: (shared, is_open(shared))}


def is_open(shared: Path) -> bool:
    try:
        return shared.lstat().st_mode & 0o7777 == SHARED_MODE
    except OSError:
        return False


def link_places(home: Path, settings: dict[str, Any]) -> None:
    """Makes links in a home to what the hub has, and removes those to what it has no more. Whatever else has the name stays.

    Nothing in the home is followed: its owner may have made anything of it.
    """
    descriptor = os.open(home, HOME)
    try:
        for name, (place, is_there) in places_of(settings).items():
            try:
                if is_there:
                    make_link(descriptor, name, place)
                elif target_of(descriptor, name) == str(place):
                    os.unlink(name, dir_fd=descriptor)
            except OSError as error:
                # As on a full disk: the server starts, so that the person can make room.
                log.warning("The link %s in %s could not be changed: %s", name, home, error.strerror)
    finally:
        os.close(descriptor)


def make_link(home: int, name: str, place: Path) -> None:
    try:
        os.symlink(place, name, dir_fd=home)
    except FileExistsError:
        pass


def target_of(home: int, name: str) -> str | None:
    try:
        return os.readlink(name, dir_fd=home)
    except OSError:
        return None
