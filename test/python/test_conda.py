"""Packages of conda, from a channel that is made here."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from conda_channel import make_channel
from jhub_conda import Refusal, choose, fetch, install, offer_kernels


@pytest.fixture
def channel(tmp_path: Path) -> str:
    return make_channel(tmp_path / "channel")


def chosen(channel: str, *specs: str) -> list[dict[str, str]]:
    return asyncio.run(choose([channel], list(specs)))


def test_chooses_the_newest_that_fits_with_its_digest(channel: str) -> None:
    packages = {each["name"]: each for each in chosen(channel, "greeting")}
    assert packages["greeting"]["version"] == "2.0"
    assert packages["greeting"]["isPython"] == "yes"
    assert packages["python"]["isPython"] == "no"
    assert all(len(each["sha256"]) == 64 for each in packages.values())
    assert {each["name"]: each["version"] for each in chosen(channel, "picky")}["greeting"] == "1.0"


@pytest.mark.parametrize(("specs", "said"), [(["greeting=2", "picky"], "picky"), (["nosuch"], "nosuch"), (["a = = b"], "= = b")])
def test_names_what_cannot_be_had(channel: str, specs: list[str], said: str) -> None:
    with pytest.raises(Refusal, match=r"^jhub: disagree: .*" + said):
        chosen(channel, *specs)


@pytest.mark.parametrize("away", ["http://127.0.0.1:9/channel", "file:///nowhere"])
def test_says_at_once_that_a_channel_does_not_answer(away: str) -> None:
    with pytest.raises(Refusal, match=r"^jhub: channel: .* does not answer"):
        chosen(away, "greeting")


def test_installs_what_was_locked_into_a_prefix_whose_python_runs(channel: str, tmp_path: Path) -> None:
    prefix, cache = tmp_path / "prefix", tmp_path / "cache"
    packages = chosen(channel, "greeting=1")
    assert asyncio.run(install(packages, prefix, cache)) == [each["name"] for each in packages]
    code = "import sys, greeting; print(sys.prefix, greeting.said)"
    answer = subprocess.run([str(prefix / "bin" / "python"), "-I", "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == [str(prefix), "1.0"]


def test_needs_no_channel_for_what_it_has(channel: str, tmp_path: Path) -> None:
    packages = chosen(channel, "greeting")
    asyncio.run(install(packages, tmp_path / "one", tmp_path / "cache"))
    (tmp_path / "channel").rename(tmp_path / "gone")
    asyncio.run(install(packages, tmp_path / "two", tmp_path / "cache"))
    assert (tmp_path / "two" / "bin" / "python").exists()


def test_refuses_what_is_not_what_was_locked(channel: str, tmp_path: Path) -> None:
    packages = chosen(channel, "greeting")
    packages[0]["sha256"] = "0" * 64
    with pytest.raises(Refusal, match=r"^jhub: digest: .* its sha256 differs"):
        asyncio.run(install(packages, tmp_path / "prefix", tmp_path / "cache"))
    assert not (tmp_path / "prefix").exists()


@contextmanager
def dropping(archive: bytes, drops: int) -> Iterator[tuple[str, list[str]]]:
    """A channel that ends its first answers early; gives what it was asked for."""
    asked: list[str] = []

    class Channel(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(archive)))
            self.end_headers()
            self.wfile.write(archive[:10] if len(asked) <= drops else archive)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Channel) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/a.conda", asked
        finally:
            server.shutdown()
            thread.join()


def test_downloads_once_more_what_ended_early(tmp_path: Path) -> None:
    archive = b"archive" * 100
    with dropping(archive, drops=1) as (url, asked):
        assert fetch(url, hashlib.sha256(archive).hexdigest(), tmp_path).read_bytes() == archive
    assert len(asked) == 2


def test_takes_a_download_that_ends_early_for_no_attack(tmp_path: Path) -> None:
    archive = b"archive" * 100
    with dropping(archive, drops=9) as (url, asked), pytest.raises(Refusal, match=r"^jhub: channel: .* 10 of 700 bytes"):
        fetch(url, hashlib.sha256(archive).hexdigest(), tmp_path)
    assert len(asked) == 2


def write_kernel(prefix: Path, name: str, kernel: dict[str, Any]) -> None:
    directory = prefix / "share" / "jupyter" / "kernels" / name
    directory.mkdir(parents=True)
    (directory / "kernel.json").write_text(json.dumps(kernel))
    (prefix / "bin").mkdir(exist_ok=True)


def test_offers_kernels_under_the_name_of_the_image(tmp_path: Path) -> None:
    prefix, environment = tmp_path / "prefix", tmp_path / "environment"
    write_kernel(prefix, "python3", {"argv": ["python", "-m", "ipykernel_launcher"], "display_name": "Python 3"})
    write_kernel(prefix, "ir", {"argv": ["R", "--slave"], "display_name": "R", "env": {"LANG": "C"}})
    (prefix / "bin" / "python").symlink_to(sys.executable)
    assert sorted(offer_kernels(prefix, environment, "geo", {"TOKEN": "x"})) == ["geo", "geo-ir"]
    kernels = environment / "share" / "jupyter" / "kernels"
    python = json.loads((kernels / "geo" / "kernel.json").read_text())
    assert python["argv"] == [f"{prefix}/bin/python", "-m", "ipykernel_launcher"]
    assert python["display_name"] == "Python 3 (geo)"
    assert python["env"] == {"TOKEN": "x", "PATH": f"{prefix}/bin:${{PATH}}", "CONDA_PREFIX": str(prefix)}
    other = json.loads((kernels / "geo-ir" / "kernel.json").read_text())
    assert (other["argv"][0], other["env"]["LANG"]) == ("R", "C")


def test_refuses_an_environment_without_a_kernel(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"^jhub: kernel: "):
        offer_kernels(tmp_path, tmp_path / "environment", "geo", {})
