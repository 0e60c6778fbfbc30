"""Opening a hub from a learning platform: a stand-in that speaks LTI 1.3 as the specification has it."""

from __future__ import annotations

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html import unescape
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import jwt
import pytest
from conftest import Browser, Hub, run_hub
from cryptography.hazmat.primitives.asymmetric import rsa
from issuer import CLIENT, Issuer, run_issuer
from jhub_lti import roles_in_course
from test_pages import read, words
from test_sign_in import list_people

CLAIMS = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@pytest.fixture(scope="module")
def platform() -> Iterator[Issuer]:
    with run_issuer() as found:
        yield found


@pytest.fixture(scope="module")
def lti_hub(platform: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    sign_in = {
        "method": "lti",
        "family": "lti",
        "issuer": "https://moodle.uni.example",
        "clientId": CLIENT,
        "authorizeUrl": f"{platform.url}/authorize",
        "keysUrl": f"{platform.url}/jwks",
        "label": "Moodle",
        "usernameClaim": "email",
        "deployments": ["1", "2"],
        "stripDomain": "uni.example",
        "caFile": "",
        "allow": {"everybody": False, "domains": [], "groups": ["Learner"], "organizations": []},
        "adminGroups": ["Administrator"],
        "groups": {"TeachingAssistant": "ta"},
    }
    yield from run_hub(tmp_path_factory.mktemp("lti"), sign_in, "")


@pytest.fixture(autouse=True)
def fresh(platform: Issuer, lti_hub: Hub) -> None:
    platform.reset()
    for user in lti_hub.call("GET", "/users")[1]:
        lti_hub.call("DELETE", f"/users/{user['name']}")
    list_people(lti_hub, ana={"admin": True}, ben={})


def new_browser(hub: Hub) -> Browser:
    """A browser that takes the loopback address for safe, as browsers do."""
    browser = hub.browser()
    browser.jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    for handler in browser.opener.handlers:
        if hasattr(handler, "cookiejar"):
            handler.cookiejar = browser.jar
    return browser


def begin(hub: Hub, browser: Browser, platform: Issuer, **changed: str) -> dict[str, str]:
    """What the hub asks the platform for, when somebody begins there."""
    platform.answers["/authorize"] = (200, b"{}")
    form = {"iss": "https://moodle.uni.example", "login_hint": "7", "target_link_uri": f"{hub.url}/hub/home", **changed}
    status, where = browser.open("/hub/lti13/oauth_login", urllib.parse.urlencode(form).encode())
    assert status == 200, where
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)
    return {key: value[0] for key, value in query.items()}


def launch(platform: Issuer, asked: dict[str, str], **claims: Any) -> bytes:
    """The form by which the platform sends somebody to the hub."""
    now = int(time.time())
    token = {
        "iss": "https://moodle.uni.example",
        "aud": asked["client_id"],
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        "sub": "7",
        "email": "ben@uni.example",
        f"{CLAIMS}message_type": "LtiResourceLinkRequest",
        f"{CLAIMS}version": "1.3.0",
        f"{CLAIMS}deployment_id": "1",
        f"{CLAIMS}target_link_uri": "https://hub.uni.example/hub/home",
        f"{CLAIMS}resource_link": {"id": "3"},
        f"{CLAIMS}roles": [],
        **claims,
    }
    text = jwt.encode(
        {key: value for key, value in token.items() if value is not None},
        platform.signing_key,
        algorithm="RS256",
        headers={"kid": "one"},
    )
    return urllib.parse.urlencode({"state": asked["state"], "id_token": text}).encode()


def come(hub: Hub, platform: Issuer, **claims: Any) -> tuple[Browser, int, str]:
    browser = new_browser(hub)
    asked = begin(hub, browser, platform)
    return browser, *browser.open("/hub/lti13/oauth_callback", launch(platform, asked, **claims))


def gets_in(hub: Hub, platform: Issuer, **claims: Any) -> bool:
    _, status, where = come(hub, platform, **claims)
    return status == 200 and where.startswith("/hub/home")


def test_the_hub_asks_as_the_specification_has_it(lti_hub: Hub, platform: Issuer) -> None:
    asked = begin(lti_hub, new_browser(lti_hub), platform, client_id="another", lti_message_hint="hint")
    expected = {"response_type": "id_token", "response_mode": "form_post", "prompt": "none", "scope": "openid"}
    assert expected.items() <= asked.items()
    assert (asked["client_id"], asked["login_hint"], asked["lti_message_hint"]) == (CLIENT, "7", "hint")
    assert asked["redirect_uri"] == f"{lti_hub.url}/hub/lti13/oauth_callback"


def test_only_who_is_listed_or_has_a_role_that_is_allowed_gets_in(lti_hub: Hub, platform: Issuer) -> None:
    assert gets_in(lti_hub, platform)
    assert not gets_in(lti_hub, platform, sub="8", email="stranger@uni.example"), "the class itself lets everybody in"
    assert gets_in(lti_hub, platform, sub="9", email="new@uni.example", **{f"{CLAIMS}roles": [f"{MEMBERSHIP}Learner"]})
    institution = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Learner"
    assert not gets_in(lti_hub, platform, sub="10", email="x@uni.example", **{f"{CLAIMS}roles": [institution]})
    assert not gets_in(lti_hub, platform, sub="11", email="y@uni.example", **{f"{CLAIMS}roles": "Learner"})


def test_every_deployment_that_is_named_counts(lti_hub: Hub, platform: Issuer) -> None:
    assert gets_in(lti_hub, platform, **{f"{CLAIMS}deployment_id": "2"})


def test_admins_and_groups_follow_the_platform(lti_hub: Hub, platform: Issuer) -> None:
    roles = [f"{MEMBERSHIP}TeachingAssistant", f"{MEMBERSHIP}Administrator"]
    browser, *_ = come(lti_hub, platform, **{f"{CLAIMS}roles": roles})
    assert browser.get("/hub/admin")[0] == 200
    assert lti_hub.call("GET", "/users/ben")[1]["groups"] == ["ta"]
    assert gets_in(lti_hub, platform)
    assert browser.get("/hub/admin")[0] == 403


def test_a_teaching_assistant_is_no_instructor(lti_hub: Hub, platform: Issuer) -> None:
    within = "http://purl.imsglobal.org/vocab/lis/v2/membership/instructor#TeachingAssistant"
    come(lti_hub, platform, **{f"{CLAIMS}roles": [within, f"{MEMBERSHIP}Instructor"]})
    assert lti_hub.call("GET", "/users/ben")[1]["groups"] == ["ta"]
    assert roles_in_course(frozenset([within, f"{MEMBERSHIP}Instructor"])) == {within, "TeachingAssistant"}
    assert "Instructor" in roles_in_course(frozenset([f"{MEMBERSHIP}Instructor"]))


def test_who_is_removed_is_out_at_once_and_stays_out(lti_hub: Hub, platform: Issuer) -> None:
    roles = {f"{CLAIMS}roles": ["Learner"]}
    eve, *_ = come(lti_hub, platform, sub="66", email="eve@uni.example", **roles)
    assert lti_hub.call("DELETE", "/users/eve")[0] == 204
    assert eve.get("/hub/home")[1].startswith("/hub/login")
    assert not gets_in(lti_hub, platform, sub="66", email="eve@uni.example", **roles)


def test_a_name_stays_with_its_account(lti_hub: Hub, platform: Issuer) -> None:
    assert gets_in(lti_hub, platform)
    assert not gets_in(lti_hub, platform, sub="another account with the same address")


@pytest.mark.parametrize(
    "spoil",
    [
        {f"{CLAIMS}deployment_id": "3"},
        {f"{CLAIMS}deployment_id": ["1"]},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"iss": "https://other.example"},
        {"exp": 1},
        {"iat": 1},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": "x" * 256},
        {f"{CLAIMS}version": "1.1"},
        {f"{CLAIMS}message_type": "LtiSubmissionReviewRequest"},
        {f"{CLAIMS}deployment_id": None},
        {"email": None},
        {"email": ["ben@uni.example"]},
        {"email": "a/b"},
        {"email": "-rf"},
    ],
)
def test_a_launch_that_is_not_for_this_hub_opens_nothing(lti_hub: Hub, platform: Issuer, spoil: dict[str, Any]) -> None:
    browser, status, _ = come(lti_hub, platform, **spoil)
    assert status in (400, 401, 403)
    assert browser.get("/hub/home")[1].startswith("/hub/login")


def test_a_launch_by_another_key_opens_nothing(lti_hub: Hub, platform: Issuer) -> None:
    platform.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert not gets_in(lti_hub, platform)


def test_a_launch_that_somebody_else_began_opens_nothing(lti_hub: Hub, platform: Issuer) -> None:
    asked = begin(lti_hub, new_browser(lti_hub), platform)
    victim = new_browser(lti_hub)
    assert victim.open("/hub/lti13/oauth_callback", launch(platform, asked))[0] == 400
    begin(lti_hub, victim, platform)
    assert victim.open("/hub/lti13/oauth_callback", launch(platform, asked))[0] == 400
    assert victim.get("/hub/home")[1].startswith("/hub/login")


def test_a_launch_is_good_once(lti_hub: Hub, platform: Issuer) -> None:
    browser = new_browser(lti_hub)
    form = launch(platform, begin(lti_hub, browser, platform))
    assert browser.open("/hub/lti13/oauth_callback", form)[0] == 200
    assert browser.open("/hub/lti13/oauth_callback", form)[0] == 400


@pytest.mark.parametrize("form", [b"", b"id_token=garbage", b"state=x&id_token=", b"username=ben&password=x"])
def test_garbage_opens_nothing(lti_hub: Hub, form: bytes) -> None:
    assert new_browser(lti_hub).open("/hub/lti13/oauth_callback", form)[0] in (400, 403)


def test_another_platform_begins_nothing(lti_hub: Hub) -> None:
    form = urllib.parse.urlencode({"iss": "https://evil.example", "login_hint": "7", "target_link_uri": "x"})
    assert new_browser(lti_hub).open("/hub/lti13/oauth_login", form.encode())[0] == 403


def test_the_next_page_is_the_hubs_own(lti_hub: Hub, platform: Issuer) -> None:
    browser = new_browser(lti_hub)
    asked = begin(lti_hub, browser, platform, target_link_uri="https://evil.example/hub/home")
    status, where = browser.open("/hub/lti13/oauth_callback", launch(platform, asked))
    assert (status, where) == (200, "/hub/home")


def test_cookies_survive_the_way_over_the_platform_and_the_login_is_no_wider(lti_hub: Hub, platform: Issuer) -> None:
    browser, *_ = come(lti_hub, platform)
    begin(lti_hub, browser, platform)
    rest = {cookie.name: cookie for cookie in browser.jar}
    across = {name for name, cookie in rest.items() if cookie.get_nonstandard_attr("SameSite") == "None"}
    assert across and all(rest[name].secure for name in across)
    assert not any(name.startswith("jupyterhub-hub-login") for name in across)


@pytest.mark.parametrize("frame", ["iframe", "embed"])
def test_a_frame_of_the_platform_gets_a_link_to_a_window(lti_hub: Hub, platform: Issuer, frame: str) -> None:
    said = {"iss": "https://moodle.uni.example", "login_hint": "7&8", "target_link_uri": f"{lti_hub.url}/hub/home"}
    form = urllib.parse.urlencode({**said, "lti_message_hint": '{"a": "<b>"}'}).encode()
    request = urllib.request.Request(
        f"{lti_hub.url}/hub/lti13/oauth_login", data=form, headers={"Sec-Fetch-Dest": frame}
    )
    browser = new_browser(lti_hub)
    with browser.opener.open(request) as answer:
        page, policy = answer.read().decode(), answer.headers.get_all("Content-Security-Policy")
    assert policy == ["frame-ancestors *"]
    assert "JupyterHub opens in a window of its own" in read(page)
    link = re.search(r'href="([^"]+)" target="_blank" rel="noopener"', page)
    assert link is not None
    platform.answers["/authorize"] = (200, b"{}")
    status, where = browser.get(unescape(link[1]))
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(where).query)
    assert (status, query["login_hint"], query["lti_message_hint"]) == (200, ["7&8"], ['{"a": "<b>"}'])
    asked = {key: value[0] for key, value in query.items()}
    assert browser.open("/hub/lti13/oauth_callback", launch(platform, asked)) == (200, "/hub/home")


def test_no_other_page_shows_in_a_frame(lti_hub: Hub) -> None:
    request = urllib.request.Request(f"{lti_hub.url}/hub/login", headers={"Sec-Fetch-Dest": "iframe"})
    with lti_hub.browser().opener.open(request) as answer:
        assert "frame-ancestors *" not in answer.headers.get("Content-Security-Policy", "")
        assert "frame-ancestors" in answer.headers.get("Content-Security-Policy", "")


def test_the_login_page_leads_to_the_platform(lti_hub: Hub) -> None:
    assert "Sign in with Moodle" in words(lti_hub.browser(), "/hub/login")


def test_a_platform_without_keys_is_said(lti_hub: Hub, platform: Issuer) -> None:
    # A key that the hub has not seen: it asks again, once it has not asked for half a minute.
    platform.answers["/jwks"] = (500, b"{}")
    token = jwt.encode({"sub": "7"}, platform.key, algorithm="RS256", headers={"kid": "new"})

    def come_with_it() -> int:
        browser = new_browser(lti_hub)
        form = urllib.parse.parse_qs(launch(platform, begin(lti_hub, browser, platform)).decode())
        body = urllib.parse.urlencode({"state": form["state"][0], "id_token": token}).encode()
        return browser.open("/hub/lti13/oauth_callback", body)[0]

    until = time.monotonic() + 120
    while (status := come_with_it()) == 403 and time.monotonic() < until:
        time.sleep(1)
    assert status == 503