"""Seeing at once that a server in a cluster is there.

KubeSpawner and JupyterHub look for it less and less often, up to every five seconds, and one after the other. What they look at
is in the hub's own memory, where the watch of the cluster keeps it, or one connection away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

SECONDS_BETWEEN_LOOKS = 0.1
# Whoever does not listen by then is left to JupyterHub, which has a deadline of its own, and tells it.
LOOKS_FOR_A_LISTENER = 600


def running_pod(spawner: Any) -> Any:
    """The pod of this very start, as the watch has seen it; `None` while it does not run."""
    watch = spawner.pod_reflector
    pod = None if watch is None else watch.pods.get(f"{spawner.namespace}/{spawner.pod_name}")
    return pod if spawner.is_pod_running(pod) and is_of_this_start(pod, spawner.api_token) else None


def is_of_this_start(pod: Any, token: str) -> bool:
    """An earlier pod of that name has an earlier token."""
    variables = [variable for container in pod["spec"]["containers"] for variable in container.get("env") or []]
    return any(each["name"] == "JUPYTERHUB_API_TOKEN" and each.get("value") == token for each in variables)


async def sooner(start: Awaitable[Any], spawner: Any) -> Any:
    """What KubeSpawner's start gives; the same, and sooner, when the pod is seen to run before KubeSpawner looks again."""
    starting = asyncio.ensure_future(start)
    try:
        while True:
            await asyncio.wait({starting}, timeout=SECONDS_BETWEEN_LOOKS)
            if starting.done() or has_more_to_make(spawner):
                return await starting
            pod = running_pod(spawner)
            if pod is not None:
                spawner.pod_id = pod["metadata"]["uid"]
                return spawner._get_pod_url(pod)
    finally:
        # All that is left to it is to look at this pod.
        starting.cancel()


def has_more_to_make(spawner: Any) -> bool:
    """Whether KubeSpawner makes something after the pod."""
    return bool(spawner.internal_ssl or spawner.services_enabled or spawner.after_pod_created_hook)


async def until_listening(spawner: Any) -> None:
    """Waits until somebody listens at the server's port, at most a minute, and only while its pod runs."""
    for _ in range(LOOKS_FOR_A_LISTENER):
        pod = running_pod(spawner)
        if pod is None or await listens(pod["status"]["podIP"], spawner.port):
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def listens(address: str, port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 1)
    except (OSError, asyncio.TimeoutError):
        return False
    writer.close()
    return True
