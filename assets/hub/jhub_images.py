"""Which image a person's server has: rules of the hub's policy, which an admin can change or damage on the hub's own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from jhub_refusal import saying
from tornado import web

# As in `src/hub-spec/images/images-spec.ts`; never a path.
NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
# What jhub itself installs, where images are chosen.
STANDARD = ""


class Image(NamedTuple):
    """The software of a server."""

    name: str
    reference: str
    """What the server is started from; each spawner knows what that is."""


def missing(image: Image) -> web.HTTPError:
    """Why a server is not started whose image is not where servers run: other software would fail in ways nobody understands."""
    return saying(
        f"The software of your server, the image {image.name}, is missing on this hub. "
        "Tell the person who runs it: jhub up installs it again.",
        status=503,
    )


def resolve_image(images: Mapping[str, Any], user: str, groups: Iterable[str]) -> str | None:
    """The image of a user: the user's own, that of the first group that has one, then everybody's."""
    own = images.get("users", {}).get(user)
    if own is not None:
        return str(own)
    joined = set(groups)
    shared = next((image for group, image in images.get("groups", []) if group in joined), None)
    found = images.get("default") if shared is None else shared
    return None if found is None else str(found)


def given_images(images: Mapping[str, Any]) -> list[str]:
    """Images that somebody has without choosing; everybody's first."""
    named = [images.get("default"), *(image for _, image in images.get("groups", [])), *images.get("users", {}).values()]
    return list(dict.fromkeys(image for image in named if image is not None))


def choices_of(images: Mapping[str, Any], user: str, groups: Iterable[str]) -> list[str]:
    """Among what a user chooses, of what is built: the user's own list, else those of the user's groups together, else
    everybody's; always with the image that the user has without choosing."""
    choose, built, joined = images.get("choose", {}), images.get("built", {}), set(groups)
    shared = dict.fromkeys(name for group, names in choose.get("groups", []) if group in joined for name in names)
    listed = choose.get("users", {}).get(user) or list(shared) or choose.get("default", [])
    given = resolve_image(images, user, joined) or STANDARD
    names = listed if given in listed else [given, *listed]
    return [name for name in names if name == STANDARD or name in built]


def pick_image(images: Mapping[str, Any], user: str, groups: Iterable[str], chosen: Any) -> str | None:
    """The image of a user who chose this; what may not be chosen does not count."""
    joined = list(groups)
    if isinstance(chosen, str) and chosen in choices_of(images, user, joined):
        return chosen or None
    return resolve_image(images, user, joined)


def image_of(images: Mapping[str, Any], user: str, groups: Iterable[str], chosen: Any = None) -> Image | None:
    """The image of a user's next server, when it is built. `once` is the operator's and wins over what the user chose."""
    name = images.get("once", {}).get(user) or pick_image(images, user, groups, chosen)
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
    if not all(is_name(name) for name in named):
        return "images has a name that no image can have"
    if not all(isinstance(reference, str) and reference for reference in built.values()):
        return "images.built has something other than text"
    return choose_problem(images.get("choose", {})) or about_problem(images.get("about", {}))


def choose_problem(choose: Any) -> str | None:
    if not isinstance(choose, dict) or not isinstance(choose.get("users", {}), dict):
        return "images.choose or images.choose.users is not an object"
    groups = choose.get("groups", [])
    if not isinstance(groups, list) or not all(isinstance(entry, list) and len(entry) == 2 for entry in groups):
        return "images.choose.groups is not a list of groups with their images"
    if not all(isinstance(group, str) for group, _ in groups):
        return "images.choose.groups has a group without a name"
    lists = [choose.get("default", []), *choose.get("users", {}).values(), *(names for _, names in groups)]
    if not all(isinstance(names, list) and all(is_name(name) for name in names) for names in lists):
        return "images.choose has something other than names of images"
    return None


def about_problem(about: Any) -> str | None:
    if not isinstance(about, dict) or not all(isinstance(entry, dict) for entry in about.values()):
        return "images.about is not an object of objects"
    for entry in about.values():
        contains = entry.get("contains", [])
        texts = [entry.get("description", ""), *(contains if isinstance(contains, list) else [None])]
        if not all(isinstance(text, str) for text in texts):
            return "images.about has something other than text"
    return None


def is_name(name: Any) -> bool:
    return isinstance(name, str) and NAME.fullmatch(name) is not None


def is_pair(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)
