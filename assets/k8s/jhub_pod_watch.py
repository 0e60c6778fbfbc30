"""Seeing at once that a server in a cluster is there, and saying why one is not.

KubeSpawner and JupyterHub look for it less and less often, up to every five seconds, and one after the other. What they look at
is in the hub's own memory, where the watch of the cluster keeps it, or one connection away.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from typing import Any

from jhub_images import Image, missing
from jhub_refusal import saying

SECONDS_BETWEEN_LOOKS = 0.1
# JupyterHub ends a start at its deadline without a word of why: a little before, the person who waits hears it.
SECONDS_TO_SAY_WHY = 5
TOO_BUSY = "The cluster is too busy to start your server now. Try again in a minute, or tell an admin."
# As in `src/engines/kubernetes/pods/pod-trouble.ts`. ErrImagePull comes before another try.
BUILT_HERE = "localhost/jhub/"
NO_IMAGE = {"ErrImageNeverPull", "ImagePullBackOff", "InvalidImageName"}
# Whoever does not listen by then is left to JupyterHub, which has a deadline of its own, and tells it.
LOOKS_FOR_A_LISTENER = 600


def seen_pod(spawner: Any) -> Any:
    """The pod of this very start, as the watch has seen it; `None` where there is none yet."""
    watch = spawner.pod_reflector
    pod = None if watch is None else watch.pods.get(f"{spawner.namespace}/{spawner.pod_name}")
    return pod if pod is not None and is_of_this_start(pod, spawner.api_token) else None


def running_pod(spawner: Any) -> Any:
    """The pod of this very start; `None` while it does not run."""
    pod = seen_pod(spawner)
    return pod if spawner.is_pod_running(pod) else None


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
            refuse_without_image(seen_pod(spawner), spawner.running_image)
            pod = running_pod(spawner)
            if pod is not None:
                spawner.pod_id = pod["metadata"]["uid"]
                return spawner._get_pod_url(pod)
    finally:
        # All that is left to it is to look at this pod.
        starting.cancel()


def refuse_without_image(pod: Any, image: Image | None) -> None:
    """Raises 503 where the node has lost an image that no registry has: the cluster alone would try until the deadline."""
    if image is not None and image.reference.startswith(BUILT_HERE) and lacks_image(pod):
        raise missing(image)


def lacks_image(pod: Any) -> bool:
    """Whether a container of this pod waits for an image that the node tried to get, and did not."""
    containers = (pod or {}).get("status", {}).get("containerStatuses") or []
    return any((each.get("state", {}).get("waiting") or {}).get("reason") in NO_IMAGE for each in containers)


async def in_time(start: Awaitable[Any], spawner: Any) -> Any:
    """What this start gives; where its deadline comes first, or the cluster answers too late, the reason in a person's words."""
    seconds = max(1, spawner.start_timeout - SECONDS_TO_SAY_WHY)
    until = asyncio.get_running_loop().time() + seconds
    try:
        return await asyncio.wait_for(start, seconds)
    except asyncio.TimeoutError as error:
        is_late = asyncio.get_running_loop().time() >= until
        sentence = why_late(seen_pod(spawner), spawner.start_timeout) if is_late else TOO_BUSY
        raise saying(sentence, status=503) from error


def why_late(pod: Any, seconds: int) -> str:
    """Why this pod did not run within so many seconds, for the person whose server it is."""
    conditions = (pod or {}).get("status", {}).get("conditions") or []
    unplaced = [each for each in conditions if each["type"] == "PodScheduled" and each["status"] == "False"]
    if any(re.search("Insufficient|Too many pods", each.get("message") or "") for each in unplaced):
        return (
            "The hub has no room for one more server now. "
            "Try again when somebody has stopped theirs, or tell an admin."
        )
    if unplaced:
        return "The cluster found no place for your server. Tell an admin."
    if lacks_image(pod):
        return "The software of your server could not be downloaded. Try again, or tell an admin."
    return f"Your server did not start within {round(seconds / 60)} minutes. Try again, or tell an admin."


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
