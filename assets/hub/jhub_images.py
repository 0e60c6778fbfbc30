"""Which image a person's server has: rules of the hub's policy, which an admin can change or damage on the hub's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

# As in `src/hub-spec/images-spec.ts`; never a path.
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


class Image(NamedTuple):
    """The software of a server."""

    name: str
    reference: str
    """What the server is started from; each spawner knows what that is."""


def resolve_image(images: Mapping[str, Any], user: str, groups: Iterable[str]) -> str | None:
    """The image of a user: what this start is from, the user's own, that of the first group that has one, then everybody's."""
    own = images.get("once", {}).get(user) or images.get("users", {}).get(user)
    if own is not None:
        return str(own)
    joined = set(groups)
    shared = next((image for group, image in images.get("groups", []) if group in joined), None)
    found = images.get("default") if shared is None else shared
    return None if found is None else str(found)


def image_of(images: Mapping[str, Any], user: str, groups: Iterable[str]) -> Image | None:
    """The image of a user, when it is built."""
    name = resolve_image(images, user, groups)
    reference = None if name is None else images.get("built", {}).get(name)
    return None if name is None or reference is None else Image(name, reference)


def images_problem(images: Any) -> str | None:
    """What makes no sense in the rules on images, in half a sentence; `None` when they can be followed."""
    if not isinstance(images, dict):
        return "images is not an object"
    users, groups, built = images.get("users", {}), images.get("groups", []), images.get("built", {})
    once = images.get("once", {})
    if not all(isinstance(part, dict) for part in (users, built, once)):
        return "images.users, images.once or images.built is not an object"
    if not isinstance(groups, list) or not all(is_pair(entry) for entry in groups):
        return "images.groups is not a list of groups with their images"
    named = [*users.values(), *once.values(), *(image for _, image in groups), *built]
    if "default" in images:
        named.append(images["default"])
    if not all(isinstance(name, str) and NAME.fullmatch(name) for name in named):
        return "images has a name that no image can have"
    if not all(isinstance(reference, str) and reference for reference in built.values()):
        return "images.built has something other than text"
    return None


def is_pair(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
