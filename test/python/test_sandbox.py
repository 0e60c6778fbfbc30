"""What a server's unit sees of the machine."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from jhub_sandbox import Sandbox, resolver_places, slice_path, unit_properties

ANA = Sandbox(
    unit="jhub-class.ana.server",
    slice="jhub-class.slice",
    home="/opt/jhub/class.data/homes/ana",
    disk="/opt/jhub/class/tmp/ana",
    memory_bytes=1024**3,
    hidden=["/opt/jhub/class/secrets.json"],
    visible=["/run/systemd/resolve"],
    may_sudo=False,
)


def places(properties: dict[str, str]) -> dict[str, str]:
    return dict(word.split(":", 1) for word in properties["TemporaryFileSystem"].split())


def test_every_place_that_all_may_write_is_the_servers_own() -> None:
    own = places(unit_properties(ANA))
    assert set(own) == {"/tmp", "/dev/shm", "/run", "/sys/fs/cgroup"}
    assert "size=536870912" in own["/tmp"] and "size=536870912" in own["/dev/shm"]
    assert "mode=1777" not in own["/run"]


@pytest.mark.parametrize("may_sudo", [False, True])
def test_a_server_ends_before_the_hub_when_memory_runs_out(may_sudo: bool) -> None:
    assert int(unit_properties(replace(ANA, may_sudo=may_sudo))["OOMScoreAdjust"]) > 0


@pytest.mark.parametrize("may_sudo", [False, True])
def test_a_server_stays_when_the_kernel_ends_one_process_of_it(may_sudo: bool) -> None:
    assert unit_properties(replace(ANA, may_sudo=may_sudo))["OOMPolicy"] == "continue"


def test_without_a_limit_half_of_the_machine_is_the_most() -> None:
    assert "size=50%" in places(unit_properties(replace(ANA, memory_bytes=None)))["/tmp"]


def test_what_is_on_disk_is_the_persons_and_goes_with_the_unit() -> None:
    properties = unit_properties(ANA)
    assert properties["BindPaths"] == "/opt/jhub/class/tmp/ana:/var/tmp"
    assert properties["ExecStopPost"] == "+/bin/rm -rf -- /opt/jhub/class/tmp/ana"


def test_nothing_is_shown_of_run_and_of_control_groups_but_what_is_named() -> None:
    shown = unit_properties(ANA)["BindReadOnlyPaths"].split()
    group = "jhub.slice/jhub-class.slice/jhub-class.ana.server.service"
    assert all(path == "-/run/systemd/resolve" or path.endswith(group) for path in shown)
    assert "ProtectControlGroups" not in unit_properties(ANA), "systemd lets it win over the empty tree"
    assert f"-/sys/fs/cgroup/{group}" in shown and f"-/sys/fs/cgroup/memory/{group}" in shown


def test_sockets_of_other_families_are_made_by_no_way() -> None:
    properties = unit_properties(ANA)
    assert "AF_VSOCK" not in properties["RestrictAddressFamilies"]
    # Its operations are not system calls, and no filter sees them.
    assert "io_uring_setup" in properties["SystemCallFilter"] and properties["SystemCallFilter"].startswith("~")


def test_an_admin_with_sudo_sees_the_machine_but_has_places_of_their_own() -> None:
    properties = unit_properties(replace(ANA, may_sudo=True))
    assert set(places(properties)) == {"/tmp", "/dev/shm"}
    assert not {"ProtectSystem", "RestrictAddressFamilies", "InaccessiblePaths"} & set(properties)


def test_a_slice_is_inside_those_that_its_name_begins_with() -> None:
    assert slice_path("jhub-my_hub.slice") == "jhub.slice/jhub-my_hub.slice"


def resolver(tmp_path: Path) -> Path:
    """A link as that of /etc/resolv.conf, to a file below `tmp_path/run`."""
    place = tmp_path / "run" / "resolver"
    place.mkdir(parents=True)
    (place / "resolv.conf").write_text("nameserver 192.0.2.1")
    link = tmp_path / "resolv.conf"
    link.symlink_to(place / "resolv.conf")
    return link


def test_a_resolvers_configuration_below_run_is_seen(tmp_path: Path) -> None:
    link, run = resolver(tmp_path), tmp_path / "run"
    assert resolver_places(link, run) == [str(run / "resolver")]
    link.unlink()
    link.write_text("nameserver 192.0.2.1")
    assert resolver_places(link, run) == []


@pytest.mark.parametrize("below", ["", "netif"])
def test_no_socket_of_a_resolver_is_seen(tmp_path: Path, below: str) -> None:
    link, run = resolver(tmp_path), tmp_path / "run"
    place = run / "resolver" / below
    place.mkdir(exist_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place / "io.systemd.Resolve"))
        assert resolver_places(link, run) == [str(run / "resolver" / "resolv.conf")]
