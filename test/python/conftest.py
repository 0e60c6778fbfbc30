"""A real hub and its proxy for the tests, on free ports and in a directory of their own."""

from __future__ import annotations

import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

import jupyterhub

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "assets" / place) for place in ("hub", "vm", "k8s", "files", "images")]
MODULE = ROOT / "node_modules" / "configurable-http-proxy"
NODE = ROOT / "node_modules" / ".bin" / "node"
# The packages of the chart are older than the sockets by which a hub on a machine is reached.
AS_ON_A_MACHINE = jupyterhub.version_info >= (6,)
DEADLINE_SECONDS = 120
PASSWORD = {"method": "password"}
# Of the people whom `ana` makes.
LONG = "a long enough phrase"
NUMBERS = itertools.count()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass
class Hub:
    """A running hub: its address and the operator's token."""

    url: str
    token: str

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
        """Asks the REST API; gives the status and the decoded answer. A `bytes` body is sent as it is."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/hub/api{path}", data=data, method=method)
        given = self.token if token is None else token
        if given:
            request.add_header("Authorization", f"token {given}")
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def browser(self) -> Browser:
        return Browser(self.url)


class Browser:
    """Cookies, redirects and the XSRF token, as a person's browser has them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.addheaders = [("Sec-Fetch-Mode", "navigate")]

    def get(self, path: str) -> tuple[int, str]:
        """The status and the address where the redirects ended."""
        return self.open(path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str]:
        """Sends a form with the XSRF token of the pages."""
        xsrf = next(cookie.value for cookie in self.jar if cookie.name == "_xsrf" and cookie.path == "/hub/")
        return self.open(path, urllib.parse.urlencode({**fields, "_xsrf": xsrf or ""}).encode())

    def open(self, path: str, form: bytes | None) -> tuple[int, str]:
        try:
            with self.opener.open(self.url + path, data=form, timeout=DEADLINE_SECONDS) as answer:
                return answer.status, answer.url.removeprefix(self.url)
        except urllib.error.HTTPError as error:
            return error.code, path

    def login(self, name: str, password: str) -> bool:
        self.get("/hub/login")
        status, where = self.post("/hub/login?next=%2Fhub%2Fhome", username=name, password=password)
        return status == 200 and where.startswith("/hub/home")


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    yield from run_hub(tmp_path_factory.mktemp("hub"), PASSWORD, "")


def run_hub(place: Path, sign_in: dict[str, Any], secret: str, settings: dict[str, Any] | None = None) -> Iterator[Hub]:
    """A hub in a directory, where people sign in by `sign_in`, until the iterator is closed. `settings` are for one on a machine."""
    keys = {name: secrets.token_hex(32) for name in ("apiToken", "proxyToken", "cookieSecret")}
    (place / "secrets.json").write_text(json.dumps({**keys, "signIn": {"value": secret}}))
    for name in ("hub", "vm"):
        for source in [*(ROOT / "assets" / name).glob("*.py"), *(ROOT / "assets" / name).glob("templates/*.html")]:
            (place / source.name).write_text(source.read_text())
    url, commands = (
        prepare_machine(place, sign_in, settings or {}) if AS_ON_A_MACHINE else prepare_chart(place, keys, sign_in, secret)
    )
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{NODE.parent}{os.pathsep}{os.environ['PATH']}",
        "JHUB_SETTINGS": str(place / "settings.json"),
        "JHUB_SECRETS_FILE": str(place / "secrets.json"),
        "JHUB_PROXY_MODULE": str(MODULE),
    }
    with open(place / "log", "wb") as log:
        processes = [subprocess.Popen(argv, cwd=place, env=environment, stdout=log, stderr=log) for argv in commands]
    found = Hub(url, keys["apiToken"])
    try:
        wait_for(found, place / "log")
        yield found
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=120)


def machine_settings() -> dict[str, Any]:
    """What jhub writes into `settings.json` of a hub whose servers are processes; `test/unit` holds the file to it."""
    return dict(json.loads((ROOT / "test" / "fixtures" / "settings.json").read_text()))


def prepare_machine(place: Path, sign_in: dict[str, Any], others: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """The files of a hub on a machine, whose servers are processes; gives its address, and how proxy and hub are started."""
    public, inner = free_port(), free_port()
    for name in ("homes", "tmp", "s"):
        (place / name).mkdir()
    sockets = {"hubSocket": str(place / "hub.sock"), "apiSocket": str(place / "proxy.sock")}
    listeners = [{"role": role, "address": "127.0.0.1", "port": port} for role, port in (("public", public), ("hub", inner))]
    (place / "proxy.json").write_text(json.dumps({**sockets, "listeners": listeners}))
    here = {
        "bindUrl": f"http://127.0.0.1:{public}",
        "hubUrl": f"http://127.0.0.1:{inner}",
        "hubSocket": sockets["hubSocket"],
        "proxyApiSocket": sockets["apiSocket"],
        "serverSocketsDirectory": str(place / "s"),
        "databaseFile": str(place / "hub.sqlite"),
        "secretsFile": str(place / "secrets.json"),
        "homesDirectory": str(place / "homes"),
        "temporaryDirectory": str(place / "tmp"),
        "serverLogsDirectory": str(place / "logs"),
        "userEnvironment": str(Path(sys.executable).parents[1]),
        "signIn": sign_in,
        **others,
    }
    settings = machine_settings()
    assert here.keys() <= settings.keys(), "jhub writes no such setting"
    (place / "settings.json").write_text(json.dumps(settings | here))
    return f"http://127.0.0.1:{public}", [
        [str(NODE), str(ROOT / "assets/vm/start-proxy.cjs"), str(place / "proxy.json")],
        [sys.executable, "-B", "-m", "jupyterhub", "-f", str(place / "jupyterhub_config.py")],
    ]


def prepare_chart(
    place: Path, keys: dict[str, str], sign_in: dict[str, Any], secret: str
) -> tuple[str, list[list[str]]]:
    """A hub with what jhub puts into the chart's, by its own older JupyterHub."""
    public, inner, api = free_port(), free_port(), free_port()
    (place / "chart_config.py").write_text(
        f"""
import sys
sys.path.insert(0, {str(place)!r})
from pathlib import Path
from jhub_methods import use_method
from jhub_pages import use_pages
use_method(c, {sign_in!r}, {secret!r})
use_pages(c, Path({str(place)!r}), idle_seconds=None, sign_in={sign_in!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{public}"
c.JupyterHub.hub_port = {inner}
c.JupyterHub.db_url = "sqlite:///{place / "hub.sqlite"}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.ConfigurableHTTPProxy.command = {[str(NODE), str(MODULE / "bin" / "configurable-http-proxy")]!r}
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.services = [{{"name": "jhub", "api_token": {keys["apiToken"]!r}, "admin": True}}]
c.JupyterHub.load_roles = [{{"name": "jhub", "services": ["jhub"], "scopes": ["admin:server_state"]}}]
"""
    )
    start = [sys.executable, "-B", "-m", "jupyterhub", "-f", str(place / "chart_config.py")]
    return f"http://127.0.0.1:{public}", [start]


def wait_for(hub: Hub, log: Path) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        try:
            if hub.call("GET", "/", token="")[0] == 200:
                return
        except (urllib.error.URLError, ConnectionError, json.JSONDecodeError):
            pass
        time.sleep(0.1)
    raise AssertionError(f"the hub did not come up:\n{log.read_text()[-3000:]}")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Adds a line `passed failed` to the file that JHUB_TEST_SUMMARY names, and before it one for each failure."""
    if file := os.environ.get("JHUB_TEST_SUMMARY"):
        counts = [len(terminalreporter.stats.get(kind, [])) for kind in ("passed", "failed")]
        with open(file, "a") as out:
            for kind in ("failed", "error"):
                for report in terminalreporter.stats.get(kind, []):
                    print("FAIL", report.nodeid, file=out)
            print(*counts, file=out)


@pytest.fixture
def ana(hub: Hub) -> str:
    """A new user with the password LONG."""
    name = f"ana{next(NUMBERS)}"
    assert hub.call("POST", "/users", {"usernames": [name]})[0] == 201
    assert hub.call("PUT", f"/jhub/users/{name}/password", {"password": LONG})[0] == 204
    return name
