"""Forked kernels, of the packages that people get: what one is, and what becomes of kernels where none can be forked."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import jhub_kernels
import pytest
from conftest import ROOT
from jhub_kernels import Program

PEOPLE = Path(os.environ.get("JHUB_TEST_PEOPLE", Path(sys.prefix).parent / "python-people"))
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only where systemd is")


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    home = tmp_path_factory.mktemp("home")
    variables = {
        "HOME": "/nonexistent/home-of-the-fork-service",
        "USER": "user-of-the-fork-service",
        "JUPYTERHUB_SERVICE_PREFIX": "/prefix-of-the-fork-service/",
        "PATH": f"{PEOPLE}/bin:/usr/local/bin:/usr/bin:/bin",
    }
    # As in the environment that jhub makes: packages in a person's home are found.
    settings = PEOPLE / "pyvenv.cfg"
    settings.write_text(settings.read_text().replace("include-system-site-packages = false", "include-system-site-packages = true"))
    command = [str(PEOPLE / "bin/python"), "-B", str(ROOT / "test/python/forked_kernels.py"), str(home)]
    done = subprocess.run(command, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_forked_kernel_is_what_an_ordinary_one_is(seen: Any) -> None:
    forked, ordinary = seen["equal"]["facts"]
    assert seen["equal"]["forks"] == [True, False]
    assert forked == ordinary
    assert forked["parent"] and forked["session"] and seen["equal"]["ended"] == [True, True]


def test_a_server_has_nothing_of_the_debugger(seen: Any) -> None:
    assert seen["equal"]["server"] == [True, False]


def test_it_listens_when_its_server_is_told_of_it(seen: Any) -> None:
    assert seen["listening"] == [True, True, True, True]


def test_it_is_restarted_before_it_has_come_up(seen: Any) -> None:
    assert seen["restarted_at_once"] == ["4", True]


def test_it_is_interrupted(seen: Any) -> None:
    assert seen["interrupt"] == ["KeyboardInterrupt", "42", True, True]


def test_it_finds_what_was_installed_before_a_restart(seen: Any) -> None:
    assert seen["install_and_restart"] == [False, "installed editable True of the person", True, True, True, True]


def test_it_can_be_debugged(seen: Any) -> None:
    assert seen["debug"] == [[True, True], True, True]


def test_kernels_of_ones_own_start_as_before(seen: Any) -> None:
    assert seen["other_specs"] == [
        [False, "None False", True],
        [False, "None False", True],
        [False, "None True", True],
        [True, "1 False", True],
    ]


def test_after_one_that_was_killed_the_next_starts_in_the_ordinary_way(seen: Any) -> None:
    assert seen["killed"] == [True, False, "1", True]


def test_a_process_that_is_late_is_not_waited_for_each_time_and_forks_kernels_again(seen: Any) -> None:
    assert seen["stopped_parent"] == [[False, False, True], ["2", "2", "2"], [], [True, True, True]]


def test_after_the_process_that_forks_them_kernels_start_in_the_ordinary_way(seen: Any) -> None:
    assert seen["ended_parent"] == [False, "3", True]


def test_a_request_whose_server_waits_no_longer_gets_no_fork(capsys: pytest.CaptureFixture[str]) -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours, line = socket.socketpair()
    with here, there:
        socket.send_fds(here, [Program([], {}, "/").to_bytes()], [line.fileno()])
        line.close()
        ours.close()
        here.shutdown(socket.SHUT_WR)
        assert jhub_kernels.answer(there, lambda _: None) is None
    assert "its server waits no longer" in capsys.readouterr().err


def test_no_room_for_a_process_is_told_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", fail)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours, line = socket.socketpair()
    with here, there, ours:
        socket.send_fds(here, [Program([], {}, "/").to_bytes()], [line.fileno()])
        line.close()
        here.shutdown(socket.SHUT_WR)
        assert jhub_kernels.answer(there, lambda _: None) is None
        assert ours.recv(16) == b""
    assert "Resource temporarily unavailable" in capsys.readouterr().err


def unreadable(_: Program) -> str | None:
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("words", [b"[1]", b"\xff", b"{}", b'{"uid": 0, "argv": [], "environment": {}, "directory": "/"}', b"good"])
def test_a_made_up_request_gets_nothing_and_ends_nothing(words: bytes) -> None:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours, line = socket.socketpair()
    good = Program([], {}, "/").to_bytes()
    with here, there, ours:
        # A good one may still have no line for the answer, or ask for a directory that cannot be looked at.
        socket.send_fds(here, [good], [])
        socket.send_fds(here, [good if words == b"good" else words], [line.fileno()])
        line.close()
        here.shutdown(socket.SHUT_WR)
        assert jhub_kernels.answer(there, unreadable) is None
        assert ours.recv(16) == b""


@pytest.mark.parametrize("reply", [b"", b"no\n"])
def test_a_fork_that_nobody_waits_for_does_not_run(reply: bytes) -> None:
    here, there = socket.socketpair()
    with here:
        here.sendall(reply)
        here.shutdown(socket.SHUT_WR)
        assert not jhub_kernels.agree(there)
        assert int(here.recv(16)) == os.getpid()
