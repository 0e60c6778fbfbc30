"""The page on which people choose an image, in the real hub, and what becomes of what an attacker sends."""

from __future__ import annotations

import asyncio
import json
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import PASSWORD, ROOT, Browser, Hub, run_hub
from jhub_choice import REFUSAL, ChoosingSpawner
from jinja2 import Environment, FileSystemLoader
from tornado import web

SECRET = "correct horse battery"
BUILT = {name: f"image-{name}-0123456789ab" for name in ("data", "course", "secret")}
RULES: dict[str, Any] = {
    "default": "data",
    "users": {},
    "groups": [],
    "built": BUILT,
    "choose": {"default": ["data", "course"], "users": {"alone": ["data"]}, "groups": []},
    "about": {"course": {"description": "<i>Week 1</i>", "contains": ["Python 3.12", *(f"p{n} 1.0" for n in range(20))]}},
}


class Base:
    """As much of a spawner as the page needs."""

    async def get_options_form(self) -> str:
        return "theirs"

    def run_options_from_form(self, form: dict[str, list[Any]]) -> Any:
        return form

    def options_from_query(self, query: dict[str, list[Any]]) -> Any:
        return query


class Spawner(ChoosingSpawner, Base):
    def __init__(self, name: str = "ana", **options: Any) -> None:
        pages = Environment(
            loader=FileSystemLoader(ROOT / "assets" / "hub" / "templates"), autoescape=True, enable_async=True
        )
        self.user = SimpleNamespace(name=name, groups=[], settings={"jinja2_env": pages})
        self.user_options = options

    def image_rules(self) -> dict[str, Any]:
        return RULES


def test_the_page_names_what_may_be_chosen_and_picks_what_was_chosen_last() -> None:
    spawner = Spawner(image="course")
    assert [(choice.name, choice.is_picked) for choice in spawner.choices()] == [("data", False), ("course", True)]
    page = asyncio.run(spawner.get_options_form())
    assert "&lt;i&gt;Week 1&lt;/i&gt;" in page
    assert "p11 1.0 and 8 more" in page
    assert "secret" not in page


def test_who_has_no_choice_sees_no_page() -> None:
    spawner = Spawner("alone")
    assert asyncio.run(spawner.get_options_form()) == "theirs"
    assert spawner.run_options_from_form({"profile": ["x"]}) == {"profile": ["x"]}
    assert spawner.options_from_query({"a": ["b"]}) == {"a": ["b"]}


@pytest.mark.parametrize(
    "form",
    [
        {"image": ["secret"]},
        {"image": ["course", "secret"]},
        {"image": ["course", "course"]},
        {"image": ["../course"]},
        {"image": [BUILT["course"]]},
        {"image": [""]},
        {"image": []},
        {"image": "course"},
        {"image_file": [{"filename": "course", "body": b"course"}]},
        {"profile": ["course"]},
        {},
    ],
)
def test_what_the_page_does_not_offer_is_refused(form: dict[str, Any]) -> None:
    for send in (Spawner().run_options_from_form, Spawner().options_from_query):
        with pytest.raises(web.HTTPError) as caught:
            send(form)
        assert caught.value.status_code == 403


def test_nothing_else_of_a_form_is_remembered() -> None:
    assert Spawner().run_options_from_form({"image": ["course"], "cmd": ["sh"], "profile": ["x"]}) == {"image": "course"}


@pytest.fixture(scope="module")
def choosing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Path]]:
    """A hub whose servers write down from which environment they were started, and end."""
    place = tmp_path_factory.mktemp("choosing")
    for name in ["user-0123456789ab", *BUILT.values()]:
        (place / "env" / name / "bin").mkdir(parents=True)
        (place / "env" / name / ".jhub-whole").touch()
        program = place / "env" / name / "bin" / "jupyterhub-singleuser"
        program.write_text(f"#!/bin/sh\necho {name} >> {place}/started\n")
        program.chmod(0o755)
    patient = place / "patient.py"
    # Else a hub on a busy machine answers before the server has begun.
    patient.write_text('c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 300}\n')
    settings = {"userEnvironment": str(place / "env" / "user-0123456789ab"), "extraConfigFile": str(patient)}
    for hub in run_hub(place, PASSWORD, "", settings):
        hub.call("POST", "/groups/jhub-policy")
        assert hub.call("PUT", "/groups/jhub-policy/properties", {"policy": {"version": 1, "images": RULES}})[0] == 200
        yield hub, place


def sign_in(hub: Hub, name: str) -> Browser:
    hub.call("POST", f"/users/{name}")
    assert hub.call("PUT", f"/jhub/users/{name}/password", {"password": SECRET})[0] == 204
    browser = hub.browser()
    assert browser.login(name, SECRET)
    return browser


def page(browser: Browser, path: str) -> str:
    try:
        with browser.opener.open(browser.url + path, timeout=120) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        return error.read().decode()


def started(place: Path) -> list[str]:
    file = place / "started"
    return file.read_text().split() if file.exists() else []


def test_a_person_chooses_on_the_page_and_it_is_remembered(choosing: tuple[Hub, Path]) -> None:
    hub, place = choosing
    browser = sign_in(hub, "ana")
    text = page(browser, "/hub/spawn")
    assert "Start your server" in text and text.count('type="radio"') == 2
    browser.post("/hub/spawn", image="course")
    assert started(place)[-1:] == [BUILT["course"]]
    assert 'value="course"\n               checked' in page(browser, "/hub/spawn")
    hub.call("POST", "/users/ana/server")
    assert started(place)[-1:] == [BUILT["course"]]


def test_an_attacker_gets_nothing_that_is_not_offered(choosing: tuple[Hub, Path]) -> None:
    hub, place = choosing
    browser = sign_in(hub, "mallory")
    before = started(place)
    for sent in ("secret", "../secret", BUILT["secret"]):
        assert browser.post("/hub/spawn", image=sent)[0] == 403
    assert browser.post("/hub/spawn", cmd="sh")[0] == 403
    assert started(place) == before
    assert REFUSAL in page(browser, "/hub/spawn?opt-image=secret")
    assert started(place) == before
    token = hub.call("POST", "/users/mallory/tokens", {})[1]["token"]
    for options in ({"image": "secret"}, {"image": ["secret"]}, {"image": {"name": "secret"}}, {"image": 7, "cmd": "sh"}):
        hub.call("POST", "/users/mallory/server", options, token=token)
        assert started(place)[len(before) :] == [BUILT["data"]], json.dumps(options)
        before = started(place)
