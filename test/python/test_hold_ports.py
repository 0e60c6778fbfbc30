"""`hold-ports.py`: a port at which somebody listens only for a moment is waited for."""

from __future__ import annotations

import errno
import importlib.util
import socket
import time

import pytest
from conftest import ROOT

SPEC = importlib.util.spec_from_file_location("hold_ports", ROOT / "assets" / "vm" / "hold-ports.py")
assert SPEC is not None and SPEC.loader is not None
hold_ports = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hold_ports)


def in_use() -> tuple[socket.socket, int]:
    taken = socket.create_server(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]


def test_waits_for_a_port_at_which_somebody_only_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    taken, port = in_use()
    monkeypatch.setattr(hold_ports.time, "sleep", lambda _seconds: taken.close())
    with hold_ports.listen("127.0.0.1", port, time.monotonic() + 600) as found:
        assert found.getsockname()[1] == port


def test_says_in_the_end_that_a_port_is_in_use() -> None:
    taken, port = in_use()
    with taken, pytest.raises(OSError) as raised:
        hold_ports.listen("127.0.0.1", port, time.monotonic())
    assert raised.value.errno == errno.EADDRINUSE


def test_does_not_wait_where_it_may_not_listen() -> None:
    with pytest.raises(OSError) as raised:
        hold_ports.listen("203.0.113.1", 0, time.monotonic() + 600)
    assert raised.value.errno == errno.EADDRNOTAVAIL
