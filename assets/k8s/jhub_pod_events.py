"""What the cluster does for a server that starts, for the person who waits for it. `start-event.ts` says it to operators."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

STARTING = "JupyterLab is starting."
WORDS = {
    "Scheduled": "There is a place for your server.",
    "TriggeredScaleUp": "The cluster starts another computer. This can take some minutes.",
    "SuccessfulAttachVolume": "Your files are there.",
    "Pulling": "The software is downloaded. The first time, this can take some minutes.",
    "FailedScheduling": "There is no place for your server yet.",
    "FailedMount": "Your files cannot be reached yet.",
    "FailedAttachVolume": "Your files cannot be reached yet.",
}
LACKING = re.compile(r"Insufficient (memory|cpu)")
LACKS = {"memory": "memory", "cpu": "CPU"}


def event_words(event: Mapping[str, Any]) -> str | None:
    """Gives a sentence; `None` for an event that says nothing to a person."""
    reason, message = event.get("reason") or "", event.get("message") or ""
    if reason == "Started":
        return STARTING if "{notebook}" in ((event.get("involvedObject") or {}).get("fieldPath") or "") else None
    if reason == "FailedScheduling" and (lacking := sorted({LACKS[what] for what in LACKING.findall(message)}, reverse=True)):
        return f"{WORDS[reason][:-1]}: the cluster has too little {' and '.join(lacking)} left."
    if reason in WORDS:
        return WORDS[reason]
    return f"The cluster warns: {message}" if event.get("type") == "Warning" else None


def in_words(step: Mapping[str, Any]) -> dict[str, Any]:
    """KubeSpawner's report of an event, with our sentence in place of the cluster's; without one, the bar moves alone."""
    words = event_words(step["raw_event"])
    kept = {key: value for key, value in step.items() if key != "message"}
    return kept if words is None else {**kept, "message": words}
