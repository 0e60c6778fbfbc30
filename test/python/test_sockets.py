"""The second name of a server's socket, and who listens on it."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
import tornado.netutil
from jhub_sockets import SocketRefused, find_listener, lengthen_queue, link_socket, socket_url, when_ended


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "own").mkdir()
    (tmp_path / "links").mkdir()
    return tmp_path / "own" / "s", tmp_path / "links" / "ana.sock"


def listen(path: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(path))
    sock.listen()
    return sock


@pytest.mark.parametrize("path", ["/run/hub.sock", "/Users/José/State (1)/A_b%2f.sock"])
def test_an_address_survives_what_jupyterhub_does_to_hosts(path: str) -> None:
    host = urlparse(f"{socket_url(path)}:80/user/ana").hostname
    assert host is not None and unquote(host) == path


def test_the_second_name_stays_on_the_socket_that_was_seen(places: tuple[Path, Path]) -> None:
    made, link = places
    assert not link_socket(made, link, os.getuid())
    with listen(made) as server:
        assert link_socket(made, link, os.getuid())
        made.unlink()
        made.symlink_to("/run/elsewhere")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(link))
            server.accept()[0].close()
        listener = asyncio.run(find_listener(link))
    assert listener is not None
    assert (listener.pid, listener.uid) == (os.getpid(), os.getuid())
    assert asyncio.run(find_listener(link)) is None


def test_what_is_no_socket_of_the_account_is_refused(places: tuple[Path, Path], tmp_path: Path) -> None:
    made, link = places
    with listen(tmp_path / "other"):
        made.symlink_to(tmp_path / "other")
        with pytest.raises(SocketRefused):
            link_socket(made, link, os.getuid())
        made.unlink()
        made.write_text("no socket")
        with pytest.raises(SocketRefused):
            link_socket(made, link, os.getuid())
        with pytest.raises(SocketRefused):
            link_socket(tmp_path / "other", link, os.getuid() + 1)
    assert list(link.parent.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells")
def test_the_end_of_a_process_is_told_at_once() -> None:
    async def watch() -> None:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        ended = asyncio.Event()
        assert when_ended(child.pid, ended.set)
        assert child.stdin is not None
        child.stdin.close()
        await asyncio.wait_for(ended.wait(), 60)
        child.wait()
        assert not when_ended(child.pid, ended.set)

    asyncio.run(watch())


def test_a_class_that_comes_while_the_hub_is_busy_waits_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tornado.netutil, "bind_unix_socket", tornado.netutil.bind_unix_socket)
    lengthen_queue()
    place = tmp_path / "hub.sock"
    clients = [socket.socket(socket.AF_UNIX) for _ in range(400)]
    with tornado.netutil.bind_unix_socket(str(place)):
        for client in clients:
            client.setblocking(False)
            client.connect(str(place))
            client.close()
