"""The authenticator in a real JupyterHub: who may log in, from when, and until when."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import bcrypt
import jhub_authenticator
import pytest
from conftest import LONG, NUMBERS, Hub
from jhub_authenticator import JhubAuthenticator, rounds_of
from jhub_guesses import Guesses, client_address
from tornado.httputil import HTTPHeaders


def test_a_password_counts_at_once(hub: Hub, ana: str) -> None:
    assert hub.browser().login(ana, LONG)
    assert not hub.browser().login(ana, LONG + "!")
    assert not hub.browser().login("stranger", LONG)


@pytest.mark.parametrize("name", ["cleo.doe@uni.example", "20251234", "josé", "李雷"])
def test_names_of_every_kind_log_in(hub: Hub, name: str) -> None:
    from urllib.parse import quote

    hub.call("POST", "/users", {"usernames": [name]})
    assert hub.call("PUT", f"/jhub/users/{quote(name)}/password", {"password": LONG})[0] == 204
    assert hub.browser().login(name.upper(), LONG)


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/jhub/users/x/password"),
        ("PUT", "/jhub/passwords"),
        ("GET", "/jhub/passwords"),
        ("POST", "/jhub/passwords"),
    ],
)
def test_only_the_operator_may(hub: Hub, method: str, path: str, token: str) -> None:
    assert hub.call(method, path, None if method == "GET" else {}, token=token)[0] == 403


def test_an_ordinary_users_token_may_not(hub: Hub, ana: str) -> None:
    token = hub.call("POST", f"/users/{ana}/tokens", {})[1]["token"]
    assert hub.call("PUT", f"/jhub/users/{ana}/password", {"password": LONG}, token=token)[0] == 403


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"not json", 400, "json"),
        ([], 400, "JSON object"),
        ({"password": 5}, 400, "not a text"),
        ({"password": "short"}, 400, "at least 10 characters"),
        ({"password": "short", "generated": True}, 400, "at least 10 characters"),
        ({"password": "1234567890"}, 400, "most common"),
    ],
)
def test_what_cannot_be_a_password_is_refused(hub: Hub, ana: str, body: object, status: int, words: str) -> None:
    answered, answer = hub.call("PUT", f"/jhub/users/{ana}/password", body)
    assert answered == status
    assert words.lower() in answer["message"].lower()
    assert hub.browser().login(ana, LONG)


def test_many_are_set_together_or_not_at_all(hub: Hub, ana: str) -> None:
    answered, answer = hub.call("PUT", "/jhub/passwords", {"passwords": {ana: "another long one", "nobody": LONG}})
    assert (answered, answer["message"]) == (404, "no such user: nobody")
    assert hub.browser().login(ana, LONG)
    assert hub.call("PUT", "/jhub/passwords", {"passwords": {ana: "another long one"}})[0] == 204
    assert hub.browser().login(ana, "another long one")
    assert ana in hub.call("GET", "/jhub/passwords")[1]["names"]
    assert hub.call("PUT", "/jhub/passwords", {})[0] == 400


def test_a_reset_ends_the_old_password_open_logins_and_tokens(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    token = hub.call("POST", f"/users/{ana}/tokens", {})[1]["token"]
    assert hub.call("GET", "/user", token=token)[0] == 200
    hub.call("PUT", f"/jhub/users/{ana}/password", {"password": "k7mp-x2wd-9rta", "generated": True})
    assert not hub.browser().login(ana, LONG)
    assert hub.browser().login(ana, "k7mp-x2wd-9rta")
    assert browser.get("/hub/home")[1].startswith("/hub/login")
    assert hub.call("GET", "/user", token=token)[0] == 403


def test_people_change_their_own_password(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get("/hub/change-password")[0] == 200
    fields = {"new_password": "another long phrase", "new_password_confirmation": "another long phrase"}
    browser.post("/hub/change-password", old_password="not the old one", **fields)
    assert hub.browser().login(ana, LONG)
    browser.post("/hub/change-password", old_password=LONG, **fields)
    assert not hub.browser().login(ana, LONG)
    assert hub.browser().login(ana, "another long phrase")


def test_who_is_removed_cannot_come_back(hub: Hub, ana: str) -> None:
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert hub.call("DELETE", f"/users/{ana}")[0] == 204
    assert browser.get("/hub/home")[1].startswith("/hub/login")
    assert not hub.browser().login(ana, LONG)
    assert ana not in hub.call("GET", "/jhub/passwords")[1]["names"]
    hub.call("POST", "/users", {"usernames": [ana]})
    assert not hub.browser().login(ana, LONG), "somebody new of that name must not get the old password"


def test_an_admin_who_was_demoted_stays_so(hub: Hub, ana: str) -> None:
    hub.call("PATCH", f"/users/{ana}", {"admin": True})
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get("/hub/admin")[0] == 200
    hub.call("PATCH", f"/users/{ana}", {"admin": False})
    assert browser.get("/hub/admin")[0] == 403
    again = hub.browser()
    assert again.login(ana, LONG)
    assert again.get("/hub/admin")[0] == 403


@pytest.mark.parametrize(
    "path", ["/hub/signup", "/hub/authorize", "/hub/authorize/ana", "/hub/confirm/x", "/hub/change-password/ana"]
)
def test_there_is_no_other_way_in(hub: Hub, ana: str, path: str) -> None:
    hub.call("PATCH", f"/users/{ana}", {"admin": True})
    browser = hub.browser()
    assert browser.login(ana, LONG)
    assert browser.get(path)[0] == 404


def test_who_guesses_too_often_has_to_wait(hub: Hub, ana: str) -> None:
    for guess in range(10):
        assert not hub.browser().login(ana, f"guess number {guess}")
    assert not hub.browser().login(ana, LONG)
    hub.call("PUT", f"/jhub/users/{ana}/password", {"password": LONG})
    assert hub.browser().login(ana, LONG), "the operator's reset ends the wait"


def test_many_guesses_at_once_are_not_more_than_one_after_another(hub: Hub, ana: str) -> None:
    browsers = [hub.browser() for _ in range(15)]
    for browser in browsers:
        browser.get("/hub/login")
    with ThreadPoolExecutor(15) as pool:
        said = list(pool.map(lambda each: each.post("/hub/login", username=ana, password="a wrong guess")[0], browsers))
    assert sorted(said) == [403] * 10 + [429] * 5


def test_nobody_locks_out_whoever_was_here_before(hub: Hub, ana: str) -> None:
    own = hub.browser()
    assert own.login(ana, LONG)
    own.get("/hub/logout")
    for guess in range(11):
        hub.browser().login(ana, f"guess number {guess}")
    assert not hub.browser().login(ana, LONG)
    assert own.login(ana, LONG)


def test_a_browser_that_is_known_may_not_guess_for_ever(hub: Hub, ana: str) -> None:
    own = hub.browser()
    assert own.login(ana, LONG)
    own.get("/hub/logout")
    for guess in range(10):
        assert not own.login(ana, f"guess number {guess}")
    assert not own.login(ana, LONG)


@pytest.mark.parametrize("name", ["ana", "stranger"])
def test_a_password_that_is_too_long_is_wrong_and_no_fault(hub: Hub, ana: str, name: str) -> None:
    browser = hub.browser()
    browser.get("/hub/login")
    who = ana if name == "ana" else name
    assert browser.post("/hub/login", username=who, password="x" * 73)[0] == 403
    assert browser.post("/hub/login", username=who, password="é" * 40)[0] == 403
    assert browser.post("/hub/login", username="y" * 100_000, password="x" * 100_000)[0] == 403
    assert browser.post("/hub/login", username=who)[0] == 400


def test_the_first_72_bytes_of_a_password_are_not_all_of_it(hub: Hub, ana: str) -> None:
    longest = "x1y2z3" * 12
    assert hub.call("PUT", f"/jhub/users/{ana}/password", {"password": longest})[0] == 204
    assert hub.browser().login(ana, longest)
    assert not hub.browser().login(ana, longest + "!")


@pytest.mark.parametrize("long", ["x1y2z3" * 13, "é" * 40])
def test_a_password_that_is_too_long_is_not_taken(hub: Hub, ana: str, long: str) -> None:
    answered, answer = hub.call("PUT", f"/jhub/users/{ana}/password", {"password": long})
    assert answered == 400
    assert "at most 72 bytes" in answer["message"]
    browser = hub.browser()
    assert browser.login(ana, LONG)
    browser.get("/hub/change-password")
    fields = {"new_password": long, "new_password_confirmation": long}
    assert browser.post("/hub/change-password", old_password=LONG, **fields)[0] == 400
    assert browser.post("/hub/change-password", old_password=long, **fields)[0] == 400
    assert hub.browser().login(ana, LONG)


def test_a_text_that_cannot_be_written_is_not_taken(hub: Hub, ana: str) -> None:
    body = b'{"password": "a long enough \\ud800 phrase"}'
    assert hub.call("PUT", f"/jhub/users/{ana}/password", body)[0] == 400


def test_a_change_of_the_password_ends_logins_elsewhere_and_not_here(hub: Hub, ana: str) -> None:
    here, elsewhere = hub.browser(), hub.browser()
    assert here.login(ana, LONG)
    assert elsewhere.login(ana, LONG)
    here.get("/hub/change-password")
    new = "another long phrase"
    fields = {"new_password": new, "new_password_confirmation": new}
    assert here.post("/hub/change-password", old_password=LONG, **fields)[0] == 200
    assert here.get("/hub/home")[1].startswith("/hub/home")
    assert elsewhere.get("/hub/home")[1].startswith("/hub/login")


@pytest.mark.parametrize("name", ["..", ".", "a/b", "a%2fb", "", "a\u001b[31mb", "-rf", "a b"])
def test_names_that_cannot_be_removed_cannot_be_made(hub: Hub, name: str) -> None:
    assert hub.call("POST", "/users", {"usernames": [name]})[0] == 400
    assert name not in [user["name"] for user in hub.call("GET", "/users")[1]]


def test_names_are_written_in_one_way_only(hub: Hub) -> None:
    assert hub.call("POST", "/users/SHOUTED", {})[0] == 400
    assert hub.call("GET", "/users/SHOUTED")[0] == 404


@pytest.mark.parametrize("new", ["..", "somebody-else"])
def test_nobody_gets_another_name(hub: Hub, ana: str, new: str) -> None:
    assert hub.call("PATCH", f"/users/{ana}", {"name": new})[0] == 400
    assert hub.call("GET", f"/users/{ana}")[0] == 200


@pytest.mark.parametrize("name", ["jhub-rehearsal-1", "JHUB-rehearsal-1", "jhub-rehearsal-\uff11"])
def test_names_of_rehearsals_are_given_by_the_command_line_only(hub: Hub, name: str) -> None:
    assert hub.call("POST", "/users", {"usernames": ["boss"], "admin": True})[0] == 201
    token = hub.call("POST", "/users/boss/tokens", {"expires_in": 60})[1]["token"]
    status, answer = hub.call("POST", "/users", {"usernames": ["zoe", name]}, token=token)
    assert (status, "only jhub rehearse" in answer["message"]) == (400, True)
    assert hub.call("POST", "/users", {"usernames": {name: 1}}, token=token)[0] == 400
    assert hub.call("POST", f"/users/{quote(name)}", {}, token=token)[0] == 400
    assert hub.call("PATCH", "/users/boss", {"name": name}, token=token)[0] == 400
    assert hub.call("POST", "/users", {"usernames": ["zoe"]}, token=token)[0] == 201
    assert not [user for user in hub.call("GET", "/users")[1] if user["name"].startswith("jhub-rehearsal")]
    assert hub.call("POST", "/users", {"usernames": ["jhub-rehearsal-1"]})[0] == 201
    for user in ("boss", "zoe", "jhub-rehearsal-1"):
        assert hub.call("DELETE", f"/users/{user}")[0] == 204


def test_people_are_removed_by_a_list_of_names(hub: Hub, ana: str) -> None:
    assert hub.call("DELETE", "/jhub/users", {"names": [ana, "..", "nobody"]})[0] == 204
    assert hub.call("GET", f"/users/{ana}")[0] == 404
    assert hub.call("DELETE", "/jhub/users", {"names": ana})[0] == 400
    assert hub.call("DELETE", "/jhub/users", {"names": []}, token="wrong")[0] == 403


class Hashing(JhubAuthenticator):
    """Only what hashes, without a hub."""

    def __init__(self) -> None:
        self.salts = {rounds: bcrypt.gensalt(rounds) for rounds in (4, 12)}


@pytest.mark.parametrize("kept", ["unknown", "generated", "chosen"])
def test_a_failed_login_does_the_same_work_whoever_it_is_for(monkeypatch: pytest.MonkeyPatch, kept: str) -> None:
    costs = {"generated": 4, "chosen": 12}
    real = bcrypt.hashpw
    hashed = real(b"the right one", bcrypt.gensalt(costs[kept])) if kept in costs else None
    work: list[int] = []

    def count(password: bytes, salt: bytes) -> bytes:
        work.append(rounds_of(salt))
        return real(password, bcrypt.gensalt(4) if salt is not hashed else salt)

    monkeypatch.setattr(jhub_authenticator.bcrypt, "hashpw", count)
    authenticator = Hashing.__new__(Hashing)
    Hashing.__init__(authenticator)
    assert not authenticator.matches("a wrong one", hashed)
    assert sorted(work) == [4, 12]
    if hashed is not None:
        assert authenticator.matches("the right one", hashed)


@pytest.mark.parametrize(
    ("password", "rounds"),
    [
        ("k7mp-x2wd-9rta", 4),
        ("password1234", 12),
        ("aaaa-aaaa-aaaa", 12),
        ("abab-cdcd-abab", 12),
        ("k7mp-x2wd-9rta-", 12),
        ("K7MP-X2WD-9RTA", 12),
        ("k7mp-x2wd-9rtl", 12),
    ],
)
def test_only_what_looks_generated_gets_a_quick_hash(password: str, rounds: int) -> None:
    hash_password: Any = JhubAuthenticator.hash_password
    assert rounds_of(hash_password(SimpleNamespace(), password, True)) == rounds
    assert rounds_of(hash_password(SimpleNamespace(), password, False)) == 12


@pytest.mark.parametrize(
    ("header", "proxies", "place"),
    [
        ("192.168.1.5", 1, "192.168.1.5"),
        ("::ffff:192.168.1.5", 1, "192.168.1.5"),
        ("6.6.6.6, 192.168.1.5", 1, "192.168.1.5"),
        ("6.6.6.6, 192.168.1.5, 127.0.0.1", 2, "192.168.1.5"),
        ("6.6.6.6, 127.0.0.9", 1, "this machine"),
        ("::1", 1, "this machine"),
        ("2001:db8:1:2:3::4", 1, "2001:db8:1:2::/64"),
        ("nonsense", 1, "unknown"),
        (None, 1, "unknown"),
    ],
)
def test_an_address_is_what_the_hubs_own_proxy_saw(header: str | None, proxies: int, place: str) -> None:
    headers = HTTPHeaders({} if header is None else {"X-Forwarded-For": header, "X-Real-Ip": "7.7.7.7"})
    assert client_address(headers, proxies) == place


def test_places_are_counted_apart_and_forgotten_in_time() -> None:
    guesses = Guesses(2, 0.0)
    guesses.wait_seconds = 1000.0
    assert [guesses.take("ana", "here") for _ in range(3)] == [True, True, False]
    assert guesses.take("ana", "there")
    assert guesses.take("ben", "here")
    guesses.wait_seconds = -1.0
    assert guesses.take("ana", "here")
    for number in range(25_000):
        guesses.take(str(number), "here")
    assert len(guesses.tries) == 20_000


def test_the_hub_says_which_passwords_that_were_made_hold(hub: Hub, ana: str) -> None:
    names = [f"made{next(NUMBERS)}" for _ in range(2)]
    hub.call("POST", "/users", {"usernames": names})
    made = {name: f"k7mp-x2wd-9rt{name[-1]}".replace("0", "a").replace("1", "b") for name in names}
    assert hub.call("PUT", "/jhub/passwords", {"passwords": made, "generated": True})[0] == 204
    tried = {names[0]: made[names[0]], names[1]: "k7mp-x2wd-9rtz-", ana: LONG, "stranger": LONG}
    status, answer = hub.call("POST", "/jhub/passwords", {"passwords": tried})
    assert (status, answer["right"]) == (200, [names[0]])
    assert set(names) <= set(answer["made"])
    assert ana not in answer["made"]
    assert hub.call("POST", "/jhub/passwords", {"passwords": {ana: 1}})[0] == 400
    for _ in range(30):
        hub.call("POST", "/jhub/passwords", {"passwords": {names[0]: "wrong"}})
    assert hub.browser().login(names[0], made[names[0]])


def test_the_address_of_the_login_page_fills_in_the_login(hub: Hub) -> None:
    browser = hub.browser()

    def page_at(path: str) -> str:
        with browser.opener.open(browser.url + path, timeout=60) as answer:
            return answer.read().decode()

    page = page_at("/hub/login?username=%E7%8E%8B%22%3E")
    assert 'value="王&#34;&gt;"' in page
    assert focused(page) == ["password"]
    assert focused(page_at("/hub/login")) == ["username"]


def focused(page: str) -> list[str]:
    """The fields into which the cursor is put, by name."""
    fields = [each for each in re.findall(r"<input[^>]*>", page) if "autofocus" in each]
    return re.findall(r"""name=["'](\w+)["']""", " ".join(fields))
