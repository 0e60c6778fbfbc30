"""The pages that people see: JupyterHub's own, with what happened and what to do in their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def use_pages(c: Any, directory: Path, *, idle_seconds: int | None, password_length: int) -> None:
    """Has the hub take its pages from a directory before its own."""
    c.JupyterHub.template_paths.prepend([str(directory)])
    c.JupyterHub.template_vars.update(
        {
            "jhub_has_passwords": True,
            "jhub_password_length": password_length,
            "jhub_idle": None if idle_seconds is None else describe_time(idle_seconds),
        }
    )


def describe_time(seconds: int) -> str:
    """`1 hour`, `90 minutes`, `45 seconds`."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            count = seconds // length
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return f"{seconds} seconds"
