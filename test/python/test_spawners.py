"""What a server is given of the hub's environment."""

from __future__ import annotations

import pytest
from conftest import machine_settings
from jhub_process_spawner import JhubProcessSpawner
from jhub_systemd_spawner import shared_environment

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
