"""Servers of a cluster are seen as soon as they are there, and only those of this very start."""

from __future__ import annotations

import asyncio
import socket
from types import SimpleNamespace
from typing import Any

import jhub_pod_watch
import pytest
from jhub_images import Image
from jhub_pod_watch import in_time, sooner, until_listening, why_late
from kubespawner import KubeSpawner
from tornado import web


def pod(*, uid: str = "new", token: str = "mine", ready: bool = True, port_of: str = "127.0.0.1") -> dict[str, Any]:
    return {
        "metadata": {"uid": uid},
        "spec": {"containers": [{"env": [{"name": "JUPYTERHUB_API_TOKEN", "value": token}]}, {}]},
        "status": {"phase": "Running", "podIP": port_of, "containerStatuses": [{"ready": ready}]},
    }


def spawner(pods: dict[str, Any], **more: Any) -> Any:
    made = SimpleNamespace(
        pod_reflector=SimpleNamespace(pods=pods),
        namespace="hub",
        pod_name="jupyter-ana",
        api_token="mine",
        port=1,
        pod_id="",
        internal_ssl=False,
        services_enabled=False,
        after_pod_created_hook=None,
        running_image=None,
        _get_pod_url=lambda seen: f"http://{seen['status']['podIP']}",
    )
    made.__dict__.update(more)
    made.is_pod_running = lambda seen: KubeSpawner.is_pod_running(made, seen)
    return made


class Start:
    """KubeSpawner's own start, which ends when it is told to."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.was_left = False

    async def run(self) -> str:
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.was_left = True
            raise
        return "its own"


async def looked(times: int = 5) -> None:
    await asyncio.sleep(jhub_pod_watch.SECONDS_BETWEEN_LOOKS * times)


def test_a_pod_that_runs_is_seen_before_kubespawner_looks_again() -> None:
    async def check() -> None:
        pods: dict[str, Any] = {}
        start, ana = Start(), spawner(pods)
        task = asyncio.ensure_future(sooner(start.run(), ana))
        await looked()
        pods["hub/jupyter-ana"] = pod(ready=False)
        await looked()
        assert not task.done()
        pods["hub/jupyter-ana"] = pod()
        assert await task == "http://127.0.0.1"
        await asyncio.sleep(0)
        assert (ana.pod_id, start.was_left) == ("new", True)

    asyncio.run(check())


@pytest.mark.parametrize(
    ("seen", "more"),
    [
        (pod(uid="old", token="of before"), {}),
        (pod(), {"services_enabled": True}),
        (pod(), {"internal_ssl": True}),
        (pod(), {"after_pod_created_hook": print}),
        (None, {"pod_reflector": None}),
    ],
)
def test_everything_else_is_waited_for_as_kubespawner_does(seen: Any, more: dict[str, Any]) -> None:
    async def check() -> None:
        start = Start()
        task = asyncio.ensure_future(sooner(start.run(), spawner({"hub/jupyter-ana": seen}, **more)))
        await looked()
        assert not task.done()
        start.may_end.set()
        assert await task == "its own"
        assert not start.was_left

    asyncio.run(check())


def test_what_fails_fails_as_it_did() -> None:
    async def refuse() -> str:
        raise ValueError("no such image")

    with pytest.raises(ValueError, match="no such image"):
        asyncio.run(sooner(refuse(), spawner({})))


def test_a_start_that_is_given_up_goes_on_nowhere() -> None:
    async def check() -> None:
        start = Start()
        task = asyncio.ensure_future(sooner(start.run(), spawner({})))
        await looked()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
        assert start.was_left

    asyncio.run(check())


def unplaced(message: str) -> dict[str, Any]:
    """A pod that the scheduler could not place, as the API gives it."""
    waiting = pod(ready=False)
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
    return {**waiting, "status": {"phase": "Pending", "conditions": [condition]}}


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (unplaced("0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate"), "no room for one more server"),
        (unplaced("0/2 nodes are available: 1 Insufficient memory, 1 node(s) were unschedulable."), "no room for one more"),
        (unplaced("0/1 nodes are available: 1 Too many pods."), "no room for one more server"),
        (unplaced("0/3 nodes are available: 3 node(s) had volume node affinity conflict."), "found no place for your server"),
        (pod(ready=False), "did not start within 5 minutes"),
        (pod(ready=False, token="an earlier start's"), "did not start within 5 minutes"),
        (None, "did not start within 5 minutes"),
    ],
)
def test_a_start_that_takes_too_long_says_why(monkeypatch: pytest.MonkeyPatch, seen: Any, sentence: str) -> None:
    monkeypatch.setattr(jhub_pod_watch, "SECONDS_TO_SAY_WHY", 300)

    async def check() -> None:
        start = Start()
        ana = spawner({"hub/jupyter-ana": seen}, start_timeout=300)
        with pytest.raises(web.HTTPError) as said:
            await in_time(sooner(start.run(), ana), ana)
        assert sentence in said.value.jupyterhub_message  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        assert start.was_left

    asyncio.run(check())


def test_what_comes_in_time_or_fails_is_left_as_it_is() -> None:
    async def give(what: Any) -> Any:
        if isinstance(what, Exception):
            raise what
        return what

    async def check() -> None:
        ana = spawner({}, start_timeout=300)
        assert await in_time(give("http://10.0.0.1"), ana) == "http://10.0.0.1"
        with pytest.raises(ValueError, match="no such image"):
            await in_time(give(ValueError("no such image")), ana)
        with pytest.raises(web.HTTPError, match="too busy to start your server"):
            await in_time(give(asyncio.TimeoutError()), ana)

    asyncio.run(check())


def test_a_server_that_listens_later_is_waited_for() -> None:
    async def check() -> None:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            ana = spawner({"hub/jupyter-ana": pod()}, port=server.getsockname()[1])
            task = asyncio.ensure_future(until_listening(ana))
            await looked()
            assert not task.done()
            server.listen()
            await task

    asyncio.run(check())


def test_a_server_that_never_listens_is_left_to_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_pod_watch, "LOOKS_FOR_A_LISTENER", 3)
    asyncio.run(until_listening(spawner({"hub/jupyter-ana": pod()})))


def test_a_pod_that_ended_is_not_waited_for() -> None:
    asyncio.run(until_listening(spawner({"hub/jupyter-ana": pod(ready=False)})))


def without_image(reason: str) -> dict[str, Any]:
    waiting = pod(ready=False)
    waiting["status"] = {"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": reason}}}]}
    return waiting


BUILT_HERE = Image("data", "localhost/jhub/class:data-0123456789ab")


def test_a_server_whose_image_the_node_has_lost_is_refused_at_once_and_says_what_to_do() -> None:
    async def check() -> None:
        start, ana = Start(), spawner({"hub/jupyter-ana": without_image("ImagePullBackOff")}, running_image=BUILT_HERE)
        with pytest.raises(web.HTTPError) as refusal:
            await asyncio.wait_for(sooner(start.run(), ana), 5)
        await asyncio.sleep(0)
        assert (refusal.value.status_code, start.was_left) == (503, True)
        assert "the image data, is missing on this hub" in refusal.value.jupyterhub_message  # type: ignore[attr-defined]
        assert "jhub up installs it again" in refusal.value.jupyterhub_message  # type: ignore[attr-defined]

    asyncio.run(check())


@pytest.mark.parametrize(
    ("reason", "image"),
    [
        ("ContainerCreating", BUILT_HERE),
        ("ErrImagePull", BUILT_HERE),
        ("ImagePullBackOff", Image("data", "registry.example/data@sha256:00")),
        ("ImagePullBackOff", None),
    ],
)
def test_what_a_registry_may_still_give_is_waited_for(reason: str, image: Image | None) -> None:
    async def check() -> None:
        ana = spawner({"hub/jupyter-ana": without_image(reason)}, running_image=image)
        start = Start()
        task = asyncio.ensure_future(sooner(start.run(), ana))
        await looked()
        assert not task.done()
        start.may_end.set()
        assert await task == "its own"

    asyncio.run(check())


def test_an_image_that_did_not_come_in_time_is_told() -> None:
    assert why_late(without_image("ImagePullBackOff"), 300) == (
        "The software of your server could not be downloaded. Try again, or tell an admin."
    )
