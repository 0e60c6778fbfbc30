"""The page of a server that starts says what the cluster does in a person's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from jhub_kubernetes import JhubKubeSpawner
from jhub_pod_events import event_words
from kubespawner import KubeSpawner


def event(reason: str, message: str = "", *, type: str = "Normal", of: str | None = None) -> dict[str, Any]:
    place = {} if of is None else {"fieldPath": f"spec.containers{{{of}}}"}
    return {"reason": reason, "message": message, "type": type, "involvedObject": place, "lastTimestamp": "now"}


LONG = "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available: 1 No preemption victims found."
BOTH = "0/3 nodes are available: 1 Insufficient memory, 2 Insufficient cpu."


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (event("Scheduled", "Successfully assigned hub/jupyter-ana to node"), "There is a place for your server."),
        (event("FailedScheduling", LONG, type="Warning"), "no place for your server yet: the cluster has too little memory left."),
        (event("FailedScheduling", BOTH, type="Warning"), "too little memory and CPU left."),
        (event("FailedScheduling", "0/1 nodes: 1 had a taint", type="Warning"), "There is no place for your server yet."),
        (event("Started", "Started container notebook", of="notebook"), "JupyterLab is starting."),
        (event("FailedMount", "MountVolume.SetUp failed", type="Warning"), "Your files cannot be reached yet."),
        (event("Unhealthy", "Readiness probe failed", type="Warning"), "The cluster warns: Readiness probe failed"),
    ],
)
def test_an_event_is_a_sentence(seen: dict[str, Any], words: str) -> None:
    said = event_words(seen)
    assert said is not None and said.endswith(words)


@pytest.mark.parametrize(
    "seen",
    [
        event("Created", "Created container notebook", of="notebook"),
        event("Started", "Started container block-cloud-metadata", of="block-cloud-metadata"),
        event("Pulled", 'Container image "x" already present on machine'),
        {"reason": None, "message": None, "type": None, "involvedObject": None},
    ],
)
def test_what_says_nothing_to_a_person_is_not_shown(seen: dict[str, Any]) -> None:
    assert event_words(seen) is None


def test_a_page_is_told_of_each_event_and_shows_those_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [event("Scheduled"), event("Created", "Created container notebook"), event("Started", of="notebook")]

    async def of_kubespawner(self: KubeSpawner) -> AsyncIterator[dict[str, Any]]:
        for one in events:
            yield {"progress": 30, "raw_event": one, "message": "now [Normal] as the cluster says it"}

    async def told() -> list[dict[str, Any]]:
        return [step async for step in JhubKubeSpawner.__new__(JhubKubeSpawner).progress()]

    monkeypatch.setattr(KubeSpawner, "progress", of_kubespawner)
    steps = asyncio.run(told())
    assert [step["raw_event"] for step in steps] == events
    assert [step.get("message") for step in steps] == ["There is a place for your server.", None, "JupyterLab is starting."]
