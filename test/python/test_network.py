"""What the programs of people may reach."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from types import SimpleNamespace

import jhub_network
import pytest
from jhub_network import PEOPLE, HubNetwork, Rules, RulesRefused, Surroundings, iptables_text, nft_text, verdicts

AROUND = Surroundings(
    resolvers=("169.254.169.253", "10.0.0.2"), proxies=(("172.17.0.1", 3128),), neighbours=("172.17.0.2/16",)
)


def rules(egress: object, people: tuple[int, ...] = ()) -> Rules:
    return Rules("class", egress, people, AROUND)  # type: ignore[arg-type]


def passes(wanted: Rules, address: str, port: int = 443, *, loopback: bool = False) -> bool:
    """Goes through the verdicts as the kernel does."""
    version = ipaddress.ip_address(address).version
    for verdict, match in verdicts(wanted, version):
        places = match["to"]
        if places is not None and not any(ipaddress.ip_address(address) in ipaddress.ip_network(p) for p in places):  # type: ignore[attr-defined]
            continue
        if (match.get("loopback") and not loopback) or port not in (match.get("port", port), match.get("tcp", port)):
            continue
        if "tcp" in match and match["tcp"] != port:
            continue
        if "port" in match and match["port"] != port:
            continue
        return verdict == "pass"
    return True


@pytest.mark.parametrize("egress", ["all", "none", ["0.0.0.0/0", "::/0"]])
@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16"),
        *("fe80::1", "255.255.255.255", "224.0.0.251", "ff02::1"),
    ],
)
def test_metadata_and_what_is_only_on_the_link_are_never_reached(egress: object, address: str) -> None:
    assert not passes(rules(egress), address, 80)
    # A stand-in on the machine itself is no way around.
    assert not passes(rules(egress), address, 80, loopback=True)


def test_the_hub_is_always_reached() -> None:
    for egress in ("all", "none", ["192.0.2.0/24"]):
        assert passes(rules(egress), "127.0.0.1", 8081, loopback=True)
        assert passes(rules(egress), "::1", 8081, loopback=True)


@pytest.mark.parametrize("address", ["172.17.0.1", "172.17.255.255", "255.255.255.255", "239.1.1.1", "ff05::2"])
def test_no_address_reaches_the_neighbours_of_a_container(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jhub_network, "neighbours", lambda: ["172.17.0.2/16"])
    around = jhub_network.look_around([], in_container=True)
    assert not passes(Rules("class", "all", (), around), address, 5353)
    assert passes(Rules("class", "all", (), jhub_network.look_around([], in_container=False)), "239.1.1.1", 5353)


def test_all_is_everything_but_the_engines_networks_and_its_computer() -> None:
    assert passes(rules("all"), "203.0.113.7") and passes(rules("all"), "2001:db8::1")
    assert not passes(rules("all"), "172.17.0.1", 22)
    assert passes(rules("all"), "172.17.0.1", 3128)


def test_none_is_nothing_and_no_names_either() -> None:
    assert not passes(rules("none"), "203.0.113.7") and not passes(rules("none"), "2001:db8::1")
    assert not passes(rules("none"), "10.0.0.2", 53)
    assert not passes(rules("none"), "127.0.0.53", 53, loopback=True)
    assert not passes(rules("none"), "172.17.0.1", 3128)


def test_a_list_is_what_it_names_and_the_resolver() -> None:
    some = rules(["192.0.2.0/24", "2001:db8::/32"])
    assert passes(some, "192.0.2.9") and passes(some, "2001:db8::1") and passes(some, "10.0.0.2", 53)
    assert not passes(some, "203.0.113.7") and not passes(some, "10.0.0.2", 443) and not passes(some, "172.17.0.1", 3128)


def test_a_resolver_at_a_link_local_address_answers_names_alone() -> None:
    assert passes(rules("all"), "169.254.169.253", 53)
    assert not passes(rules("all"), "169.254.169.253", 80)


def test_rules_of_one_hub_are_not_for_the_people_of_another() -> None:
    text = nft_text(rules("none", (200_001, 200_005)))
    assert "meta skuid { 200001, 200005 } jump people" in text
    everybody = text[text.index("chain everybody") :]
    assert "169.254.0.0/16" in everybody and "meta nfproto ipv4 reject" not in everybody


def test_iptables_say_the_same_in_their_words() -> None:
    text = iptables_text(rules("none", (200_001,)), 4)
    assert "-m owner --uid-owner 200001 -j" in text
    assert "-d 169.254.0.0/16 -j REJECT" in text and "\n-A" in text
    assert text.rstrip().endswith("-j REJECT\nCOMMIT")
    assert "ACCEPT" not in text, "what passes is for the machine's own rules to decide"


def test_what_people_listen_at_answers_nobody_outside_the_machine() -> None:
    for egress in ("all", "none"):
        for people in ((), (200_001,)):
            wanted = rules(egress, people)
            first = nft_text(wanted).partition("chain people {")[2].strip().splitlines()[0]
            assert first == 'oifname != "lo" tcp flags & (syn | ack) == syn | ack drop', "before any other verdict"
            chain = jhub_network.chain_of("class")
            of_people = [line for line in iptables_text(wanted, 6).splitlines() if line.startswith(f"-A {chain}-p ")]
            assert of_people[0] == f"-A {chain}-p -p tcp --tcp-flags SYN,ACK SYN,ACK ! -o lo -j DROP"


def test_rules_of_an_older_jhub_are_known_as_others(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = rules("all")
    before = wanted.digest
    monkeypatch.setattr(jhub_network, "NEVER", ("169.254.0.0/16",))
    assert wanted.digest != before


def settings(homes: Path, egress: object) -> dict[str, object]:
    place = {"homesDirectory": str(homes), "inContainer": False, "networkProxies": []}
    return {"name": "class", "egress": egress, **place}


def test_without_rules_a_hub_stays_down_only_where_the_spec_limits_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jhub_network, "LOCK", tmp_path / "lock")
    monkeypatch.setenv("PATH", str(tmp_path))
    HubNetwork(settings(tmp_path, "all")).hold()
    assert "cloud metadata" in capsys.readouterr().err
    with pytest.raises(RulesRefused, match="neither nft nor iptables"):
        HubNetwork(settings(tmp_path, "none")).hold()


def test_a_home_that_goes_while_homes_are_listed_takes_nobodys_rules_away(monkeypatch: pytest.MonkeyPatch) -> None:
    class Home:
        def __init__(self, uid: int | None) -> None:
            self.uid = uid

        def stat(self, *, follow_symlinks: bool) -> SimpleNamespace:
            if self.uid is None:
                raise FileNotFoundError
            return SimpleNamespace(st_uid=self.uid)

    uid = PEOPLE[0]
    monkeypatch.setattr(jhub_network.os, "scandir", lambda homes: [Home(uid + 1), Home(None), Home(uid)])
    assert jhub_network.people_of(Path("/homes")) == [uid, uid + 1]


def test_people_without_a_home_are_nobodys(tmp_path: Path) -> None:
    wanted = HubNetwork(settings(tmp_path, "none")).wanted()
    assert wanted.people == (PEOPLE[1],), "an empty list would be everybody on the machine"
