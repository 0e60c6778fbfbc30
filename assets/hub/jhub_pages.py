"""The pages that people see: JupyterHub's own, with what happened and what to do in their words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jhub_full_disk import tell_full_disk
from jhub_limits import policy_of
from jhub_methods import LEAST_PASSWORD_LENGTH


def use_pages(c: Any, directory: Path, *, idle_seconds: int | None, sign_in: Mapping[str, Any]) -> None:
    """Has the hub take its pages from a directory before its own."""
    tell_full_disk()
    # A list where the configuration named one before, as the official chart does, else one that is yet to be.
    c.JupyterHub.template_paths.insert(0, str(directory))
    c.JupyterHub.template_vars.update(
        {
            "jhub_has_passwords": sign_in["method"] == "password",
            "jhub_password_length": LEAST_PASSWORD_LENGTH,
            "jhub_method": sign_in["method"],
            "jhub_label": sign_in.get("label", ""),
            # JupyterHub calls it with who looks at the page.
            "jhub_name": full_name,
            "jhub_idle": None if idle_seconds is None else describe_time(idle_seconds),
        }
    )


def full_name(user: Any) -> str | None:
    """What a person is called, where somebody said so; their own pages show it beside the login."""
    if user is None:
        return None
    policy, _ = policy_of(user.db)
    names = policy.get("names")
    name = names.get(user.name) if isinstance(names, dict) else None
    return name if isinstance(name, str) else None


def describe_time(seconds: int) -> str:
    """`1 hour`, `90 minutes`, `45 seconds`."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"
