"""What students read, as the real hub renders it."""

from __future__ import annotations

import re
import sys
import urllib.error
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jhub_pages
import pytest
from conftest import ROOT, Browser, Hub
from jhub_pages import describe_time, full_name, use_pages
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader
from tornado.web import HTTPError
from traitlets.config import Config

PASSWORD = "correct horse battery"


def words(hub_browser: Browser, path: str, form: bytes | None = None) -> str:
    """The text of a page, whatever its status; without marks, scripts and line ends."""
    try:
        with hub_browser.opener.open(hub_browser.url + path, data=form, timeout=120) as answer:
            page = answer.read().decode()
    except urllib.error.HTTPError as error:
        page = error.read().decode()
    return read(page)


def read(page: str) -> str:
    bare = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", page, flags=re.S)
    return " ".join(unescape(bare).split())


@pytest.mark.parametrize("before", [None, [], ["/etc/ours"]])
def test_its_pages_come_first_whatever_the_configuration_named_before(before: list[str] | None) -> None:
    c = Config()
    if before is not None:
        c.JupyterHub.template_paths = before
    use_pages(c, Path("/pages"), idle_seconds=None, sign_in={"method": "password"})
    paths = c.JupyterHub.template_paths
    found = paths if before is not None else paths.get_value([])
    assert found == ["/pages", *({"/etc/ours"} & set(before or []))]


@pytest.fixture
def student(hub: Hub) -> Browser:
    hub.call("POST", "/users/pages")
    assert hub.call("PUT", "/jhub/users/pages/password", {"password": PASSWORD})[0] == 204
    browser = hub.browser()
    assert browser.login("pages", PASSWORD)
    return browser


@pytest.mark.parametrize("name", ["pages", "nobody-of-this-name"])
def test_a_wrong_login_says_the_same_of_every_name(hub: Hub, student: Browser, name: str) -> None:
    browser = hub.browser()
    browser.get("/hub/login")
    xsrf = next(cookie.value for cookie in browser.jar if cookie.name == "_xsrf")
    text = words(browser, "/hub/login", f"username={name}&password=wrong&_xsrf={xsrf}".encode())
    assert "The user name or the password is not right. Capital letters count in the password." in text
    assert "ask the person who runs this hub whether you are on its list" in text


@pytest.mark.parametrize("name", ["Ana María Núñez", "<b>Ana</b>"])
def test_people_read_their_own_name_beside_their_login(hub: Hub, student: Browser, name: str) -> None:
    hub.call("POST", "/groups/jhub-policy")
    policy = {"version": 1, "names": {"pages": name, "other": "Somebody Else"}}
    hub.call("PUT", "/groups/jhub-policy/properties", {"policy": policy})
    try:
        assert f"{name} pages Logout" in words(student, "/hub/home")
        assert "Somebody Else" not in words(student, "/hub/home")
    finally:
        hub.call("PUT", "/groups/jhub-policy/properties", {"policy": {"version": 1}})
    assert "Ana" not in words(student, "/hub/home")


@pytest.mark.parametrize("names", [None, [], {"pages": 5}, {"pages": None}])
def test_damaged_names_break_no_page(names: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_pages, "policy_of", lambda _: ({"names": names}, None))
    user = SimpleNamespace(name="pages", db=None)
    assert full_name(user) is None


def test_the_password_is_changed_from_every_page_and_the_rule_is_said(student: Browser) -> None:
    assert "Change password" in words(student, "/hub/home")
    text = words(student, "/hub/change-password")
    assert "The new password needs at least 10 characters, and must not be a common one" in text


def test_a_stopped_server_says_why_and_that_files_are_safe(student: Browser) -> None:
    text = words(student, "/hub/user/pages/lab")
    assert "Your server is stopped Your files are safe." in text
    assert "may have needed more memory than your server may use" in text
    assert "A server that nobody has used for 90 minutes stops by itself" in text
    assert "Start my server" in text


def test_errors_say_what_to_do(student: Browser) -> None:
    assert "gone. Error 404 Home page" in words(student, "/hub/nothing-is-here")
    assert "You may not open this page" in words(student, "/hub/admin")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (3600, "1 hour"),
        (5400, "90 minutes"),
        (7200, "2 hours"),
        (60, "1 minute"),
        (45, "45 seconds"),
        (86_400, "1 day"),
    ],
)
def test_times_are_as_people_say_them(seconds: int, text: str) -> None:
    assert describe_time(seconds) == text


def render(name: str, static: str = "", **known: Any) -> str:
    """A page, by JupyterHub's own templates below ours."""
    own, base = ROOT / "assets" / "hub" / "templates", Path(sys.prefix) / "share" / "jupyterhub" / "templates"
    loaders = [PrefixLoader({"templates": FileSystemLoader(base)}, "/"), FileSystemLoader([own, base])]
    template = Environment(loader=ChoiceLoader(loaders), autoescape=True).get_template(name)
    return template.render(
        static_url=lambda path, **_: f"{static}/hub/static/{path}", base_url="/hub/", no_spawner_check=True, **known
    )


def failed_page(message: str, static: str = "") -> str:
    """The page after a start that failed."""
    said = {"failed": True, "failed_message": message, "server_name": "", "spawn_url": "/hub/spawn/ana"}
    return render("not_running.html", static, **said)


@pytest.mark.parametrize(
    ("method", "service", "said"),
    [
        ("password", "", []),
        ("ldap", "", ["Use your user name and password of Uni & Co."]),
        ("shared-password", "", ["Use your user name and the password of this room."]),
        ("lti", "Uni & Co", ["Open JupyterHub from your course in Uni & Co."]),
        ("oidc", "Uni & Co", []),
    ],
)
def test_the_login_page_says_whose_account_it_asks_for(method: str, service: str, said: list[str]) -> None:
    text = read(render("login.html", jhub_method=method, jhub_label="Uni & Co", login_service=service, authenticator={}))
    assert re.findall(r"(?:Use your|Open JupyterHub) .*?\.", text) == said
    assert ("Sign in with Uni & Co" if service else "Username:") in text


def test_a_server_that_did_not_start_says_what_the_hub_says() -> None:
    page = failed_page("<b>no room</b>")
    text = read(page)
    assert "Your server did not start Your files are safe. Try again." in text
    assert "show this page to the person who runs this hub" in text
    assert "What the hub says <b>no room</b> Try again" in text
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (HTTPError(500, "its process ended: <b>no room</b>"), "its process ended: <b>no room</b>"),
        (HTTPError(500, "its process ended: 100% of http+unix://%2Ftmp"), "its process ended: 100% of http+unix://%2Ftmp"),
        (OSError("secret"), "The hub's log says why."),
    ],
)
def test_a_failure_without_a_sentence_of_its_own_says_what_was_raised(reason: Exception, said: str) -> None:
    known = {"failed": True, "failed_message": None, "exception": reason, "spawn_url": "/hub/spawn/ana"}
    assert f"What the hub says {said} Try again" in read(render("not_running.html", **known))


@pytest.mark.parametrize(("name", "place"), [("", "/hub/spawn/ana"), ("a b", "/hub/spawn/ana/a%20b")])
def test_a_start_that_fails_while_somebody_waits_leads_to_another(name: str, place: str) -> None:
    user, spawner = SimpleNamespace(name="ana", escaped_name="ana"), SimpleNamespace(name=name)
    page = render("spawn_pending.html", user=user, spawner=spawner, progress_url="/progress")
    text = read(page)
    assert "Your server is starting It opens by itself as soon as it is ready." in text
    assert "Your server did not start Your files are safe. Try again If it fails again, show this page" in text
    assert f'href="{place}"' in page


def test_the_bar_of_a_start_has_a_name_for_a_screen_reader() -> None:
    user, spawner = SimpleNamespace(name="ana", escaped_name="ana"), SimpleNamespace(name="")
    page = render("spawn_pending.html", user=user, spawner=spawner, progress_url="/progress")
    assert 'bar.setAttribute("aria-label", "Start of your server")' in page


def test_an_error_says_its_reason_once(student: Browser) -> None:
    assert words(student, "/hub/admin").count("Action is not authorized") == 1


def test_a_page_of_another_person_is_refused_in_plain_words(student: Browser) -> None:
    text = words(student, "/hub/user/somebody-else/lab")
    assert "You cannot open this page It belongs to somebody else, or there is no such page." in text
    assert "Error 404: No access to resources" in text
    assert "There is no such page" not in text


def test_the_server_of_another_person_is_refused_in_the_same_words() -> None:
    said = {"status_code": 403, "message": "You do not have permission to access Server at /user/wei/", "user": {"name": "ana"}}
    text = read(render("error.html", **said))
    assert "You cannot open this page It belongs to somebody else, or there is no such page." in text
    assert "log out" not in text.lower()


def test_a_page_that_says_to_log_out_has_a_link_for_it(student: Browser) -> None:
    assert "Home page Log out" in words(student, "/hub/admin")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("login.html", {"authenticator": {}}),
        ("admin.html", {}),
        ("framed.html", {}),
        ("not_running.html", {"failed": False}),
        ("404.html", {"status_code": 404}),
    ],
)
def test_what_a_page_is_about_is_its_main_part(name: str, known: dict[str, Any]) -> None:
    page = render(name, **known)
    assert [page.count("<main>"), page.count("</main>")] == [1, 1]
    assert page.index("<main>") < page.index("<h1") < page.index("</main>")


def test_why_a_password_was_not_taken_is_a_sentence() -> None:
    page = render("change-password.html", result_message="a password has at least 10 characters", alert="alert-danger")
    assert "A password has at least 10 characters." in read(page)


def test_why_a_password_was_not_taken_ends_with_one_full_stop() -> None:
    page = render("change-password.html", result_message="That is not your current password.", alert="alert-danger")
    assert "That is not your current password. The new password needs" in read(page)


def test_who_changed_the_password_is_not_asked_for_it_again() -> None:
    page = render("change-password.html", result_message="Your password is changed.", alert="alert-success")
    assert "<form" not in page
    assert read(page).count("Home page") == 1


def test_a_page_of_a_server_that_stops_says_what_happens_next() -> None:
    page = render("stop_pending.html")
    assert "When your server has stopped, you can start it again." in read(page)
    assert page.index('id="refresh"') < page.index('.textContent = "Reload"')


def title_of(page: str) -> str:
    return " ".join(unescape(re.findall(r"<title>(.*?)</title>", page, flags=re.S)[0]).split())


@pytest.mark.parametrize(
    ("name", "known", "title"),
    [
        ("login.html", {"authenticator": {}}, "Sign in"),
        ("change-password.html", {}, "Change your password"),
        ("spawn.html", {}, "Start your server"),
        ("spawn_pending.html", {"user": SimpleNamespace(name="ana")}, "Your server is starting"),
        ("not_running.html", {"failed": False}, "Your server is stopped"),
        ("not_running.html", {"failed": True}, "Your server did not start"),
        ("stop_pending.html", {}, "Your server is stopping"),
        ("home.html", {"default_server": SimpleNamespace(active=False)}, "Home"),
        ("token.html", {}, "Tokens"),
        ("admin.html", {}, "People and servers"),
        ("404.html", {"status_code": 404}, "There is no such page"),
        ("error.html", {"status_code": 418, "status_message": "I'm a teapot"}, "I'm a teapot"),
    ],
)
def test_each_page_has_its_own_title(name: str, known: dict[str, Any], title: str) -> None:
    assert title_of(render(name, **known)) == title


def test_without_https_the_login_page_tells_a_student_what_that_means() -> None:
    page = render("login.html", authenticator={})
    replaced = page.index("others on this network could read your password")
    assert page.index('id="insecure-login-warning"') < replaced
    assert "We strongly recommend" not in page[replaced:]


def light(colour: str) -> float:
    """The relative luminance of `#rrggbb`, by the WCAG."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("rule", [r"\.btn-jupyter {.*?--bs-btn-bg: ", r"\.auth-form-header {.*?background: "])
def test_white_words_on_orange_can_be_read(rule: str) -> None:
    colours = re.findall(rule + "(#[0-9a-f]{6})", render("login.html", authenticator={}))
    assert [1.05 / (light(colour) + 0.05) >= 4.5 for colour in colours] == [True]
