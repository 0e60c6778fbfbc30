"""What a server is given of the hub's environment."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jhub_systemd_spawner
import pytest
from conftest import machine_settings
from jhub_process_spawner import JhubProcessSpawner, process_start_time
from jhub_systemd_spawner import JhubSystemdSpawner, shared_environment
from systemdspawner import SystemdSpawner

PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "ALL_PROXY")
NETWORK = (*PROXIES, *(name.lower() for name in PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NETWORK:
        monkeypatch.setenv(name, f"of {name}")
    monkeypatch.setenv("UV_INDEX_URL", "https://me:secret@packages.example")


def test_a_server_that_is_a_process_has_the_way_out_and_no_secret_index() -> None:
    kept = JhubProcessSpawner(settings=machine_settings()).env_keep
    assert set(NETWORK) <= set(kept)
    assert "UV_INDEX_URL" not in kept


def test_what_forks_servers_has_the_same() -> None:
    shared = shared_environment(machine_settings())
    assert {name: shared[name] for name in NETWORK} == {name: f"of {name}" for name in NETWORK}
    assert "UV_INDEX_URL" not in shared


class ServerOfAna(JhubProcessSpawner):
    account = "ana"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone lets a program say so")
def test_a_server_ends_before_the_hub_when_memory_runs_out() -> None:
    become = ServerOfAna(settings={**machine_settings(), "accounts": "shared"}).make_preexec_fn("ana")
    score = subprocess.run(["cat", "/proc/self/oom_score_adj"], preexec_fn=become, capture_output=True, check=True)
    assert int(score.stdout) > int(Path("/proc/self/oom_score_adj").read_text())


def test_of_a_log_that_its_person_made_huge_only_the_end_is_read(tmp_path: Path) -> None:
    spawner = ServerOfAna(settings={**machine_settings(), "serverLogsDirectory": str(tmp_path)})
    with spawner.log_file.open("wb") as log:
        log.truncate(2**40)
        log.seek(0, os.SEEK_END)
        log.write(b"\nout of luck\n")
    assert spawner.last_words().endswith(" / out of luck")


class StoppedServer(JhubSystemdSpawner):
    def __init__(self) -> None:
        """Of nobody: it only stops."""

    @property
    def disk(self) -> Path:
        return Path(self.settings["disk"])

    @property
    def linked_socket(self) -> Path:
        return self.disk.with_name("server.sock")


def test_nothing_of_a_servers_temporary_files_is_left_when_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stop(_: object, now: bool = False) -> None:
        """As systemd does, where what clears up after a unit could not be connected to the service that forked it."""

    monkeypatch.setattr(SystemdSpawner, "stop", stop)
    disk, home = tmp_path / "ana", tmp_path / "home"
    disk.mkdir()
    home.mkdir()
    (disk / "link").symlink_to(home)
    server = StoppedServer()
    server.settings = {"disk": str(disk)}
    asyncio.run(server.stop())
    assert not disk.exists() and home.exists()


def test_a_stop_does_not_wait_for_ever_for_what_a_person_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stop(_: object, now: bool = False) -> None:
        """Is done."""

    monkeypatch.setattr(SystemdSpawner, "stop", stop)
    monkeypatch.setattr(jhub_systemd_spawner, "REMOVE_SECONDS", 0.2)
    slow = tmp_path / "rm"
    done = tmp_path / "done"
    slow.write_text(f"#!{sys.executable}\nimport pathlib, time\ntime.sleep(60)\npathlib.Path({str(done)!r}).touch()\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    server = StoppedServer()
    server.settings = {"disk": str(tmp_path / "ana")}
    asyncio.run(server.stop())
    assert not done.exists()


def test_a_server_is_known_also_by_a_name_that_is_no_text(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\xfe"
    shutil.copy(os.fsencode(shutil.which("sleep") or ""), odd)
    with subprocess.Popen([odd, b"600"]) as server:
        try:
            assert process_start_time(server.pid)
        finally:
            server.kill()
