"""Limits of pods, and what a person is told when the cluster refuses one."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jhub_kubernetes
import pytest
from conftest import ROOT
from jhub_images import Image
from jhub_kubernetes import JhubKubeSpawner, apply_pod_limits, explain_refusal
from jhub_names import account_name, old_account_name
from jinja2 import Environment, FileSystemLoader
from kubernetes_asyncio.client.exceptions import ApiException
from kubespawner import KubeSpawner
from tornado import web
from traitlets.config import Config

from jupyterhub import orm

MEBIBYTE = 1024**2


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, (None, 256 * MEBIBYTE, None, 0.01)),
        ({"mem_limit": 1024 * MEBIBYTE, "cpu_limit": 2}, (1024 * MEBIBYTE, 256 * MEBIBYTE, 2, 0.01)),
        ({"mem_limit": 100 * MEBIBYTE, "cpu_limit": 0.02}, (100 * MEBIBYTE, 100 * MEBIBYTE, 0.02, 0.01)),
        ({"cpu_limit": 0.005}, (None, 256 * MEBIBYTE, 0.005, 0.005)),
        ({"mem_limit": 512 * MEBIBYTE, "mem_guarantee": 400 * MEBIBYTE}, (512 * MEBIBYTE, 400 * MEBIBYTE, None, 0.01)),
    ],
)
def test_a_limit_always_has_a_guarantee(
    monkeypatch: pytest.MonkeyPatch, limits: dict[str, float], expected: tuple[Any, ...]
) -> None:
    def apply(spawner: Any) -> None:
        for trait in ("mem_limit", "mem_guarantee", "cpu_limit", "cpu_guarantee"):
            setattr(spawner, trait, limits.get(trait))

    monkeypatch.setattr(jhub_kubernetes, "apply_limits", apply)
    spawner = SimpleNamespace()
    apply_pod_limits(spawner)
    assert (spawner.mem_limit, spawner.mem_guarantee, spawner.cpu_limit, spawner.cpu_guarantee) == expected


@pytest.mark.parametrize(
    ("message", "part"),
    [
        (
            'pods "jupyter-ben" is forbidden: exceeded quota: jhub-total, requested: limits.memory=629145600, '
            "used: limits.memory=629145600, limited: limits.memory=1073741824",
            "no memory left",
        ),
        (
            "exceeded quota: jhub-total, requested: limits.cpu=1, used: limits.cpu=4, limited: limits.cpu=4",
            "no cores left",
        ),
        ("exceeded quota: theirs, requested: pods=1, used: pods=5, limited: pods=5", "quota of pods is taken"),
        (
            "exceeded quota: theirs, requested: requests.storage=10Gi, used: requests.storage=50Gi, "
            "limited: requests.storage=50Gi",
            "quota of storage is taken",
        ),
        ("failed quota: jhub-total: must specify limits.memory", "no limit for memory"),
        ('failed quota: theirs: must specify limits.cpu for: notebook","reason":"Forbidden"', "no limit for cores"),
        ("maximum memory usage per Container is 1Gi, but limit is 2Gi", "this server more than the cluster allows"),
        ("[maximum cpu usage per Pod is 2, but limit is 4]", "this server more than the cluster allows"),
        ("minimum cpu usage per Container is 100m, but request is 50m", "this server less than the cluster asks"),
        (
            "maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 10Gi",
            "this home more than the cluster allows",
        ),
        (
            'pods "jupyter-ben" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
            "rules for security are stricter",
        ),
    ],
)
def test_a_refusal_is_told_in_words(message: str, part: str) -> None:
    assert part in (explain_refusal(message) or "")


def test_what_is_not_known_is_not_explained() -> None:
    assert explain_refusal("nodes is forbidden") is None


def test_the_spawner_passes_the_words_on(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(self: Any) -> None:
        error = ApiException(status=403, reason="Forbidden")
        error.body = "exceeded quota: jhub-total, requested: limits.memory=1"
        raise error

    async def show_nothing(self: Any) -> None:
        pass

    monkeypatch.setattr(KubeSpawner, "_start", refuse)
    monkeypatch.setattr(JhubKubeSpawner, "_show_common", show_nothing)
    with pytest.raises(web.HTTPError) as caught:
        asyncio.run(JhubKubeSpawner.__new__(JhubKubeSpawner)._start())
    assert caught.value.status_code == 429
    assert "no memory left" in caught.value.jupyterhub_message  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("user", "server", "expected"),
    [
        ("ana", "", "claim-ana"),
        ("cleo.doe@uni.example", "", f"claim-{account_name('cleo.doe@uni.example')}"),
        ("20251234", "", f"claim-{account_name('20251234')}"),
        ("ana", "gpu", "claim-ana--gpu"),
    ],
)
def test_homes_have_the_names_that_the_command_line_shows(user: str, server: str, expected: str) -> None:
    spawner = JhubKubeSpawner.__new__(JhubKubeSpawner)
    spawner.user = SimpleNamespace(name=user, id=1)
    spawner.orm_spawner = SimpleNamespace(name=server, server=None)
    assert spawner._expand_user_properties("claim-{jhub_account}") == expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, "new"),
        ({"old": "josé"}, "old"),
        ({"old": "another@uni.example"}, "new"),
        ({"old": ""}, "new"),
        ({"old": "josé", "new": "josé"}, "new"),
    ],
)
def test_a_home_under_a_shorter_name_is_found_again_by_its_owner_alone(claims: dict[str, str], expected: str) -> None:
    names = {"new": f"claim-{account_name('josé')}", "old": f"claim-{old_account_name('josé')}"}
    owners = {names[which]: owner for which, owner in claims.items()}

    async def read(name: str, **_: Any) -> Any:
        if name not in owners:
            raise ApiException(status=404)
        return SimpleNamespace(metadata=SimpleNamespace(annotations={"hub.jupyter.org/username": owners[name]}))

    spawner = JhubKubeSpawner.__new__(JhubKubeSpawner)
    spawner.user = SimpleNamespace(name="josé", id=1)
    spawner.orm_spawner = SimpleNamespace(name="", server=None)
    spawner.pvc_name_template = "claim-{jhub_account}"
    spawner.pvc_name = names["new"]
    spawner._pvc_exists = False
    spawner.api = SimpleNamespace(read_namespaced_persistent_volume_claim=read)
    asyncio.run(spawner._use_older_claim())
    assert (spawner.pvc_name, spawner._pvc_exists) == (names[expected], expected == "old")


@pytest.mark.parametrize("late", [0, 1, 2])
def test_a_cluster_that_answers_late_is_asked_again(late: int) -> None:
    patience: list[float] = []

    async def read(name: str, *, _request_timeout: float, **_: Any) -> str:
        patience.append(_request_timeout)
        if len(patience) <= late:
            raise asyncio.TimeoutError
        return name

    spawner = JhubKubeSpawner.__new__(JhubKubeSpawner)
    spawner.api = SimpleNamespace(read_namespaced_persistent_volume_claim=read)
    if late == 2:
        with pytest.raises(asyncio.TimeoutError, match="did not say what claim-ana is"):
            asyncio.run(spawner._read_claim("claim-ana"))
    else:
        assert asyncio.run(spawner._read_claim("claim-ana")) == "claim-ana"
    assert patience == [spawner.k8s_api_request_timeout, spawner.k8s_api_request_retry_timeout][: late + 1]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], JhubKubeSpawner]:
    """Makes the spawner of ana, who may have 1 GiB and two cores, on a hub with this piece of configuration after jhub's own."""
    monkeypatch.setattr("kubespawner.spawner.load_config", lambda **_: None)
    monkeypatch.setattr("kubespawner.spawner.shared_client", lambda _: None)
    database = orm.new_session_factory("sqlite:///:memory:")()
    policy = {"version": 1, "default": {"mem_limit": 1024 * MEBIBYTE, "cpu_limit": 2}, "total": {"servers": 1}}
    database.add(orm.Group(name="jhub-policy", properties={"policy": policy}))
    database.add_all(orm.User(name=name) for name in ("ana", "ben"))
    database.commit()
    database.add_all(orm.Spawner(name="", user=user) for user in database.query(orm.User))
    database.commit()

    def make(configuration: str) -> JhubKubeSpawner:
        c = Config()
        exec(configuration, {"c": c})
        spawner = JhubKubeSpawner(config=c, _mock=True)
        row = orm.User.find(database, "ana")
        spawner.user = SimpleNamespace(db=database, name="ana", id=row.id, groups=[], url="/user/ana/", settings={})
        spawner.orm_spawner = row.orm_spawners[""]
        return spawner

    return make


def test_a_server_is_told_of_the_repository_of_a_course(server: Callable[[str], JhubKubeSpawner]) -> None:
    content = {"url": "https://git.example/course", "branch": None, "open": "{username}.ipynb", "directory": "course"}
    spawner = server("")
    spawner.content = content
    given = json.loads(spawner.get_env()["JHUB_CONTENT"])
    assert (given["url"], given["open"]) == ("https://git.example/course", "{username}.ipynb")


HOOK = """
def hook(spawner):
    spawner.environment["SEEN"] = f"{spawner.mem_limit} {spawner.cpu_limit}"
"""
LATER_HOOK = HOOK.replace("def", "async def")


@pytest.mark.parametrize("hook", [HOOK, LATER_HOOK], ids=["at once", "later"])
@pytest.mark.parametrize("section", ["Spawner", "KubeSpawner", "JhubKubeSpawner"])
def test_a_hook_of_the_configuration_switches_no_limit_off(
    server: Callable[[str], JhubKubeSpawner], section: str, hook: str
) -> None:
    spawner = server(f"{hook}\nc.{section}.pre_spawn_hook = hook\n")
    asyncio.run(spawner.run_pre_spawn_hook())
    assert spawner.environment["SEEN"] == f"{1024 * MEBIBYTE} 2.0"
    assert (spawner.mem_limit, spawner.cpu_limit) == (1024 * MEBIBYTE, 2)


def test_nor_how_many_servers_there_may_be(server: Callable[[str], JhubKubeSpawner]) -> None:
    spawner = server(f"{HOOK}\nc.KubeSpawner.pre_spawn_hook = hook\n")
    ben = orm.User.find(spawner.user.db, "ben").orm_spawners[""]
    ben.server = orm.Server(base_url="/user/ben/")
    spawner.user.db.commit()
    with pytest.raises(web.HTTPError, match="limit: 1 server"):
        asyncio.run(spawner.run_pre_spawn_hook())
    assert "SEEN" not in spawner.environment


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ('{"mem_limit": "8G", "mem_guarantee": "4G", "cpu_limit": 16}', (1024 * MEBIBYTE, 1024 * MEBIBYTE, 2)),
        ('{"mem_limit": None, "cpu_limit": None}', (1024 * MEBIBYTE, 256 * MEBIBYTE, 2)),
        ('{"mem_limit": "512M", "cpu_limit": 1}', (512 * MEBIBYTE, 256 * MEBIBYTE, 1)),
    ],
)
def test_a_profile_of_the_chart_gives_no_more_than_the_limits(
    server: Callable[[str], JhubKubeSpawner], override: str, expected: tuple[Any, ...]
) -> None:
    profile = f'{{"display_name": "Large", "slug": "large", "kubespawner_override": {override}}}'
    spawner = server(f"c.KubeSpawner.profile_list = [{profile}]")

    async def start() -> None:
        spawner.user_options = {"profile": "large"}
        await spawner.run_pre_spawn_hook()
        await spawner.load_user_options()

    asyncio.run(start())
    assert (spawner.mem_limit, spawner.mem_guarantee, spawner.cpu_limit) == expected


IMAGES = {
    "choose": {"default": ["data", "course"], "users": {}, "groups": [["ta", ["data"]]]},
    "built": {"data": "r/data@sha256:0", "course": "r/course@sha256:1"},
    "default": "data",
}


@pytest.mark.parametrize(("groups", "has_choice"), [([], True), (["ta"], False)])
def test_people_choose_an_image_where_a_cluster_has_profiles_for_the_others(
    monkeypatch: pytest.MonkeyPatch, groups: list[str], has_choice: bool
) -> None:
    monkeypatch.setattr("jhub_limits.read_policy", lambda db: {"images": IMAGES})
    spawner = JhubKubeSpawner.__new__(JhubKubeSpawner)
    pages = Environment(
        loader=FileSystemLoader(ROOT / "assets" / "hub" / "templates"), autoescape=True, enable_async=True
    )
    member = [SimpleNamespace(name=name) for name in groups]
    spawner.user = SimpleNamespace(db=None, name="ana", groups=member, settings={"jinja2_env": pages})
    spawner.profile_list = [{"display_name": "Large", "slug": "large", "kubespawner_override": {"mem_limit": "4G"}}]
    form = asyncio.run(spawner.get_options_form())
    assert ('value="course"' in form, "Large" in form) == (has_choice, not has_choice)
    if has_choice:
        spawner.user_options = spawner.run_options_from_form({"image": ["course"], "profile": ["large"]})
        assert spawner.user_options == {"image": "course"}
        with pytest.raises(web.HTTPError):
            spawner.run_options_from_form({"profile": ["large"]})
    else:
        assert spawner.run_options_from_form({"profile": ["large"]}) == {"profile": "large"}


def test_a_cluster_that_refuses_at_first_is_watched_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_kubernetes, "SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(KubeSpawner, "reflectors", {})
    looks = []

    class Reflector:
        def __init__(self, **_: Any) -> None:
            self.first_load_future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def start(self) -> None:
            looks.append(self)
            if len(looks) < 4:
                error = OSError("certificate verify failed")
                self.first_load_future.set_exception(error)
                raise error
            self.first_load_future.set_result(None)

    async def watch() -> list[Any]:
        spawners = [JhubKubeSpawner.__new__(JhubKubeSpawner), JhubKubeSpawner.__new__(JhubKubeSpawner)]
        return [await spawner._start_reflector("pods", Reflector) for spawner in spawners]

    first, second = asyncio.run(watch())
    assert first is second is looks[3]
    assert len(looks) == 4


def test_a_server_is_started_from_the_image_of_its_owner() -> None:
    spawner = SimpleNamespace(image="usual:1", usual_image=None, log=logging.getLogger())
    data, course = Image("data", "localhost/jhub/class:data-0123456789ab"), Image("course", "registry.example:5000/a/b@sha256:00")
    for image in (data, course):
        assert JhubKubeSpawner.set_image(spawner, image) == image
        assert spawner.image == image.reference
    assert JhubKubeSpawner.set_image(spawner, None) is None
    assert spawner.image == "usual:1"


@pytest.mark.parametrize("reference", ["", "--privileged", "a b", "name\n", "../x", "a" * 600])
def test_what_no_image_can_be_called_is_not_taken(reference: str) -> None:
    spawner = SimpleNamespace(image="usual:1", usual_image=None, log=logging.getLogger())
    assert JhubKubeSpawner.set_image(spawner, Image("data", reference)) is None
    assert spawner.image == "usual:1"
