"""Servers as pods: limits from the hub's policy at every start, and refusals of the cluster in a person's words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

from jhub_common import CLAIM, content_variables, mounts, shown_on, start_hook, volume, with_more
from jhub_images import Image
from jhub_limits import LimitedSpawner, apply_limits
from jhub_names import account_name, old_account_name
from jhub_pod_events import in_words
from jhub_pod_watch import in_time, sooner, until_listening
from jhub_refusal import saying
from kubernetes_asyncio.client.exceptions import ApiException
from kubespawner import KubeSpawner

# What a server is guaranteed when nobody said: enough to start. A cluster takes a missing guarantee for the whole limit. Cores
# are shared anyway; a guarantee of them only says how many servers find a place, on a laptop of two cores more than thirty.
LEAST_MEMORY = 256 * 1024**2
LEAST_CORES = 0.01

# The API of a cluster that has just started refuses for some seconds; a hub may be there before it.
LOOKS = 60
SECONDS_BETWEEN_LOOKS = 1.0


def apply_pod_limits(spawner: Any) -> None:
    """The policy's limits, each with a guarantee beside it."""
    apply_limits(spawner)
    if spawner.mem_guarantee is None:
        spawner.mem_guarantee = min(LEAST_MEMORY, spawner.mem_limit or LEAST_MEMORY)
    if spawner.cpu_guarantee is None:
        spawner.cpu_guarantee = min(LEAST_CORES, spawner.cpu_limit or LEAST_CORES)


# A container image as a registry names it: never an option of a program, and nothing but one name.
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]{0,511}")


def hold_to_limits(spawner: Any, memory: float | None, cores: float | None) -> None:
    """Lowers what a profile set to these limits, each with its guarantee; `None` is no limit."""
    for kind, most in (("mem", memory), ("cpu", cores)):
        if not most:
            continue
        limit = getattr(spawner, f"{kind}_limit") or most
        setattr(spawner, f"{kind}_limit", min(limit, most))
        guarantee = getattr(spawner, f"{kind}_guarantee")
        if guarantee is not None:
            setattr(spawner, f"{kind}_guarantee", min(guarantee, limit, most))


def explain_quota(message: str) -> str:
    """Which part of a quota is taken: the cluster names only what does not fit."""
    requested = re.search(r"requested: ([^ ]*)", message)
    names = requested[1] if requested else ""
    if "pods" in names:
        return (
            "The cluster lets no more servers run here: its quota of pods is taken. "
            "Try again when somebody has stopped theirs, or tell an admin."
        )
    if "storage" in names or "persistentvolumeclaims" in names:
        return "The cluster has no room for one more home: its quota of storage is taken. Tell an admin."
    what = "cores" if "cpu" in names else "memory"
    return (
        f"The hub has no {what} left for one more server: what it may use in all is taken. "
        "Try again when somebody has stopped theirs."
    )


def explain_refusal(message: str) -> str | None:
    """What the cluster's refusal of a pod or a home means for the person who waits; `None` when it is none of these."""
    if "exceeded quota" in message:
        return explain_quota(message)
    if missing := re.search(r"failed quota: .*must specify ([^ ;\"]+)", message):
        what = "cores" if "cpu" in missing[1] else "memory"
        return f"This server has no limit for {what}, and the cluster takes only servers that have one. Tell an admin."
    if held := re.search(r"(maximum|minimum) (\w+) usage per (\w+)", message):
        what = "home" if held[3] == "PersistentVolumeClaim" else "server"
        which = "more than the cluster allows for" if held[1] == "maximum" else "less than the cluster asks of"
        return f"The hub gives this {what} {which} one. Tell an admin."
    if "violates PodSecurity" in message:
        return "The cluster does not let this server run: its rules for security are stricter than the hub's settings. Tell an admin."
    return None


# KubeSpawner writes the person's name on the claim of their home as it is, whatever the claim had to be called.
USER_ANNOTATION = "hub.jupyter.org/username"


class JhubKubeSpawner(LimitedSpawner, KubeSpawner):
    """KubeSpawner with jhub's names for pods and homes, which says why the cluster refused a server."""

    pvc_name: str
    _pvc_exists: bool
    image: str
    volumes: Any
    volume_mounts: Any
    lifecycle_hooks: dict[str, Any]
    usual_image: str | None = None
    """What servers of people without an image are started from."""
    content: dict[str, Any] | None = None
    """The repository that is put into each home."""
    usual_mounts: tuple[Any, Any] | None = None
    """Volumes and their mounts, without what everybody sees."""

    async def _start_reflector(self, kind: str, *args: Any, **kwargs: Any) -> Any:
        """KubeSpawner keeps a watcher whose first look at the cluster failed, and never sees a pod again: look anew."""
        for _ in range(LOOKS - 1):
            self._drop_failed_reflector(kind)
            try:
                return await super()._start_reflector(kind, *args, **kwargs)
            except Exception as error:
                self.log.warning("The cluster cannot be watched for %s yet: %s", kind, error)
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        self._drop_failed_reflector(kind)
        return await super()._start_reflector(kind, *args, **kwargs)

    def _drop_failed_reflector(self, kind: str) -> None:
        key = self._get_reflector_key(kind)
        known = self.reflectors.get(key)
        if known is None or not known.first_load_future.done():
            return
        if known.first_load_future.cancelled() or known.first_load_future.exception() is not None:
            del self.reflectors[key]

    def set_limits(self) -> None:
        apply_pod_limits(self)
        self._most = (self.mem_limit, self.cpu_limit)

    def set_image(self, image: Image | None) -> Image | None:
        """Takes this image for the next start; gives the one that it really has."""
        if self.usual_image is None:
            self.usual_image = self.image
        if image is not None and not REFERENCE.fullmatch(image.reference):
            self.log.warning("The image %s has no reference that can be: the usual one is taken.", image.name)
            image = None
        self.image = self.usual_image if image is None else image.reference
        return image

    async def load_user_options(self) -> None:
        """What a person chose of the profiles may be less than the person's limits, and never more."""
        await super().load_user_options()
        hold_to_limits(self, *getattr(self, "_most", (None, None)))

    def get_env(self) -> dict[str, str]:
        """KubeSpawner fills in the variables of its configuration as templates, which JSON is not: those of a course come after."""
        env: dict[str, str] = super().get_env()
        return env | content_variables(self.content)

    def _expand_user_properties(self, template: str, slug_scheme: str | None = None) -> Any:
        """`{jhub_account}` is the account that the command line shows; with the server's own name where it has one."""
        return super()._expand_user_properties(self._name_account(template, account_name(self.user.name)), slug_scheme)

    def _name_account(self, template: str, account: str) -> str:
        return template.replace("{jhub_account}", f"{account}--{{servername}}" if self.name else account)

    async def _use_older_claim(self) -> None:
        """Stays with the home of this person that an older jhub made under a shorter name. KubeSpawner remembers it then."""
        template = self._name_account(self.pvc_name_template, old_account_name(self.user.name))
        older = super()._expand_user_properties(template)
        if self._pvc_exists or older == self.pvc_name or await self._claim_owner(self.pvc_name) is not None:
            return
        if await self._claim_owner(older) == self.user.name:
            self.pvc_name = older
            self._pvc_exists = True

    async def _read_claim(self, claim: str) -> Any:
        """`None` when there is no such claim. A cluster that starts a whole class answers late: it is asked again, with patience."""
        for seconds in (self.k8s_api_request_timeout, self.k8s_api_request_retry_timeout):
            try:
                return await self.api.read_namespaced_persistent_volume_claim(
                    name=claim, namespace=self.namespace, _request_timeout=seconds
                )
            except asyncio.TimeoutError:
                self.log.warning("The cluster did not answer within %s seconds what %s is.", seconds, claim)
            except ApiException as error:
                if error.status == 404:
                    return None
                raise
        raise asyncio.TimeoutError(f"The cluster did not say what {claim} is")

    async def _claim_owner(self, claim: str) -> str | None:
        """Whose home a claim is; empty where nothing says so, `None` when there is no such claim."""
        found = await self._read_claim(claim)
        return None if found is None else (found.metadata.annotations or {}).get(USER_ANNOTATION, "")

    async def _show_common(self) -> None:
        """Mounts what everybody sees now, and has links to it made in the home."""
        if self.usual_mounts is None:
            self.usual_mounts = (self.volumes, self.volume_mounts)
        volumes, volume_mounts = self.usual_mounts
        try:
            claim = await self._read_claim(CLAIM)
        except ApiException as error:
            if error.status != 403:
                raise
            self.log.warning("The role of the hub may not get claims of volumes: servers start without materials and shared.")
            claim = None
        shown = shown_on(claim)
        self.volumes = with_more(volumes, [volume()] if shown else [])
        self.volume_mounts = with_more(volume_mounts, mounts(shown))
        if claim is None and self.content is None:
            return
        hook = start_hook(self.content)
        if self.lifecycle_hooks.get("postStart", hook) != hook:
            self.log.warning("singleuser.lifecycleHooks has a postStart of its own: nothing is linked or put into homes.")
            return
        self.lifecycle_hooks = {**self.lifecycle_hooks, "postStart": hook}

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        async for step in super().progress():
            yield in_words(step)

    async def _start(self) -> Any:
        try:
            return await in_time(self._start_pod(), self)
        except ApiException as error:
            sentence = explain_refusal(str(error.body or error.reason or ""))
            if sentence is None:
                raise
            raise saying(sentence, status=429) from error

    async def _start_pod(self) -> Any:
        if self.storage_pvc_ensure:
            await self._use_older_claim()
        await self._show_common()
        url = await sooner(super()._start(), self)
        await until_listening(self)
        return url
