"""What the programs of a hub's people may reach: rules of the kernel by account, loaded by the hub and by `jhub up`.

Cloud metadata and link-local addresses are out of reach always. `access.egress` of the spec says the rest. Nobody outside the
machine is answered by what people's programs listen at. The rules are one table of nftables for each hub, or one chain of
iptables where nftables is not there. Runs on Python 3.8 and newer.
"""

from __future__ import annotations

import fcntl
import hashlib
import ipaddress
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

MULTICAST = ("224.0.0.0/4", "ff00::/8")
PEOPLE = (200_000, 259_999)
"""The accounts that `jhub_accounts.py` gives out."""
NEVER = (
    "169.254.0.0/16",
    "fe80::/10",
    # Everybody on the link, whatever their own address.
    "255.255.255.255",
    "224.0.0.0/24",
    "ff02::/16",
    # Metadata outside of the link-local addresses: Azure, Alibaba, Oracle, AWS, Google.
    "168.63.129.16",
    "100.100.100.200",
    "192.0.0.192",
    "fd00:ec2::254",
    "fd20:ce::254",
)
LOCK = Path("/run/jhub-network.lock")
DEADLINE_SECONDS = 20
NAME_SECONDS = 3


class RulesRefused(Exception):
    """The kernel, or the program that speaks with it, did not take the rules."""


@dataclass(frozen=True)
class Surroundings:
    """The network of the machine, as far as the rules depend on it."""

    resolvers: Sequence[str] = ()
    proxies: Sequence[tuple[str, int]] = ()
    """A company's proxies: address and port."""
    neighbours: Sequence[str] = ()
    """In a container: the engine's own networks, with the computer that it runs on."""


@dataclass(frozen=True)
class Rules:
    """What is wanted for one hub."""

    hub: str
    egress: str | Sequence[str]
    people: Sequence[int]
    """Accounts of the hub; empty: every account of people, since the machine is this hub's alone."""
    surroundings: Surroundings

    @property
    def digest(self) -> str:
        return hashlib.sha256((repr(self) + nft_text(self, mark="")).encode()).hexdigest()[:16]


def networks(addresses: Sequence[str], version: int) -> list[str]:
    """Those of one version of IP, none inside another."""
    kind: Any = ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network
    found = [ipaddress.ip_network(address, strict=False) for address in addresses]
    return [str(network) for network in ipaddress.collapse_addresses(each for each in found if isinstance(each, kind))]


def verdicts(rules: Rules, version: int) -> list[tuple[str, dict[str, object]]]:
    """What happens with a packet of one of the hub's people, in order: `pass` or `refuse`, and to which packets."""
    around, egress = rules.surroundings, rules.egress
    listed = [] if isinstance(egress, str) else list(egress)
    none = egress == "none"
    found: list[tuple[str, dict[str, object]]] = []

    def rule(verdict: str, to: Sequence[str] | None = None, **match: object) -> None:
        places = None if to is None else networks(to, version)
        if places is None or places:
            found.append((verdict, {**match, "to": places}))

    if not none:
        rule("pass", around.resolvers, port=53)
    if egress == "all":
        for address, port in around.proxies:
            rule("pass", [address], tcp=port)
    rule("refuse", NEVER)
    if none:
        rule("refuse", port=53, loopback=True)
    rule("pass", loopback=True)
    rule("pass", listed)
    rule("refuse", around.neighbours)
    if egress != "all":
        rule("refuse")
    return found


def nft_text(rules: Rules, mark: str | None = None) -> str:
    """The table, in place of the one before, in one step of the kernel. `mark` is what it is known by: the digest."""
    table = f"table inet jhub-{rules.hub}"
    first, last = PEOPLE
    whom = ", ".join(str(uid) for uid in rules.people) or f"{first}-{last}"
    lines = [nft_rule(verdict, match, version) for version in (4, 6) for verdict, match in verdicts(rules, version)]
    refused_always = [f"{nft_to(networks(NEVER, version), version)} reject" for version in (4, 6)]
    return "\n".join(
        [
            table,
            f"delete {table}",
            f"{table} {{",
            "  chain output {",
            "    type filter hook output priority raw; policy accept;",
            f'    meta skuid {{ {whom} }} jump people comment "{rules.digest if mark is None else mark}"',
            f"    meta skuid {first}-{last} jump everybody",
            "  }",
            "  chain people {",
            # Browsers send a hub's cookies to every port of its address.
            '    oifname != "lo" tcp flags & (syn | ack) == syn | ack drop',
            *(f"    {line}" for line in lines),
            "    accept",
            "  }",
            "  chain everybody {",
            *(f"    {line}" for line in refused_always if rules.people),
            "  }",
            "}",
            "",
        ]
    )


def nft_to(places: Sequence[str], version: int) -> str:
    return f"{'ip' if version == 4 else 'ip6'} daddr {{ {', '.join(places)} }}"


def nft_rule(verdict: str, match: dict[str, object], version: int) -> str:
    places = match["to"]
    words = [f"meta nfproto ipv{version}"] if places is None else [nft_to(places, version)]  # type: ignore[arg-type]
    if match.get("loopback"):
        words.append('oifname "lo"')
    if "port" in match:
        words.append(f"meta l4proto {{ tcp, udp }} th dport {match['port']}")
    if "tcp" in match:
        words.append(f"tcp dport {match['tcp']}")
    return " ".join([*words, "accept" if verdict == "pass" else "reject"])


def chain_of(hub: str) -> str:
    """A chain's name has at most 28 letters, a hub's has 31."""
    return f"jhub-{hashlib.sha256(hub.encode()).hexdigest()[:12]}"


def iptables_text(rules: Rules, version: int) -> str:
    """For `iptables-restore --noflush`: the hub's chains alone. What passes goes on to the machine's own rules."""
    chain, (first, last) = chain_of(rules.hub), PEOPLE
    whom = [str(uid) for uid in rules.people] or [f"{first}-{last}"]
    to_people = [f"-m owner --uid-owner {uid} -j {chain}-p" for uid in whom]
    never = [f"-d {place} -j REJECT" for place in networks(NEVER, version)]
    people = [line for verdict, match in verdicts(rules, version) for line in iptables_rules(verdict, match)]
    return "\n".join(
        [
            "*filter",
            f":{chain} - [0:0]",
            f":{chain}-p - [0:0]",
            f'-A {chain} -m comment --comment "{rules.digest}"',
            *(f"-A {chain} {line}" for line in [*to_people, *(never if rules.people else [])]),
            f"-A {chain}-p -p tcp --tcp-flags SYN,ACK SYN,ACK ! -o lo -j DROP",
            *(f"-A {chain}-p {line}" for line in people),
            "COMMIT",
            "",
        ]
    )


def iptables_rules(verdict: str, match: dict[str, object]) -> list[str]:
    places: Sequence[str | None] = match["to"] or [None]  # type: ignore[assignment]
    ports = [""]
    if "port" in match:
        ports = [f"-p {protocol} --dport {match['port']}" for protocol in ("tcp", "udp")]
    if "tcp" in match:
        ports = [f"-p tcp --dport {match['tcp']}"]
    loopback = "-o lo" if match.get("loopback") else ""
    target = "RETURN" if verdict == "pass" else "REJECT"
    lines = [[f"-d {place}" if place else "", loopback, port, f"-j {target}"] for place in places for port in ports]
    return [" ".join(word for word in words if word) for words in lines]


def run(*argv: str, stdin: str = "", seconds: float = DEADLINE_SECONDS) -> tuple[int, str]:
    try:
        done = subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=seconds, check=False)
    except FileNotFoundError:
        return 127, f"{argv[0]} is not there"
    except subprocess.TimeoutExpired:
        return 124, f"{argv[0]} did not answer"
    return done.returncode, done.stdout + done.stderr


def find_tool() -> str | None:
    """The program through which this kernel takes rules; `None`: there is none."""
    if run("nft", "list", "tables")[0] == 0:
        return "nft"
    works = all(run(program, "-w", "-S", "OUTPUT")[0] == 0 for program in ("iptables", "ip6tables"))
    return "iptables" if works else None


def digest_in_force(hub: str) -> str | None:
    """Of the rules that the kernel has for a hub; `None`: it has none."""
    code, text = run("nft", "list", "table", "inet", f"jhub-{hub}")
    mark = 'comment "'
    if code != 0:
        code, text = run("iptables", "-w", "-S", chain_of(hub))
        mark = "--comment "
        jumps = run("iptables", "-w", "-C", *jump_words(hub))[0] == 0
        if code != 0 or not jumps:
            return None
    return text.partition(mark)[2][:18].strip('" \n')[:16] or None


def jump_words(hub: str) -> list[str]:
    first, last = PEOPLE
    return ["OUTPUT", "-m", "owner", "--uid-owner", f"{first}-{last}", "-j", chain_of(hub)]


def load(rules: Rules) -> None:
    """Gives the kernel the rules. Throws `RulesRefused` with its words."""
    tool = find_tool()
    if tool is None:
        raise RulesRefused("neither nft nor iptables works on this machine")
    if tool == "nft":
        code, words = run("nft", "-f", "-", stdin=nft_text(rules))
        if code != 0:
            raise RulesRefused(f"nft: {words.strip()}")
        return
    for program, version in (("iptables", 4), ("ip6tables", 6)):
        code, words = run(f"{program}-restore", "-w", "--noflush", stdin=iptables_text(rules, version))
        if code == 0 and run(program, "-w", "-C", *jump_words(rules.hub))[0] != 0:
            code, words = run(program, "-w", "-I", *jump_words(rules.hub))
        if code != 0:
            raise RulesRefused(f"{program}: {words.strip()}")


def remove(hub: str) -> None:
    """Takes a hub's rules away; none are fine."""
    run("nft", "delete", "table", "inet", f"jhub-{hub}")
    chain = chain_of(hub)
    for program in ("iptables", "ip6tables"):
        if run(program, "-w", "-S", chain)[0] == 0:
            run(program, "-w", "-D", *jump_words(hub))
            for name in (chain, f"{chain}-p"):
                run(program, "-w", "-F", name)
            for name in (chain, f"{chain}-p"):
                run(program, "-w", "-X", name)


def look_around(urls: Sequence[str], *, in_container: bool) -> Surroundings:
    """Asks the machine for its resolvers, for where its proxies are and, in a container, for what is beside it."""
    return Surroundings(
        resolvers=tuple(resolvers(Path("/etc/resolv.conf"))),
        proxies=tuple(proxies(urls)),
        neighbours=(*neighbours(), *MULTICAST) if in_container else (),
    )


def resolvers(configuration: Path) -> list[str]:
    try:
        lines = configuration.read_text(errors="replace").splitlines()
    except OSError:
        return []
    words = [line.split() for line in lines]
    named = [each[1].partition("%")[0] for each in words if len(each) > 1 and each[0] == "nameserver"]
    return sorted({address for address in named if is_address(address)})


def proxies(urls: Sequence[str]) -> list[tuple[str, int]]:
    places = [urlsplit(url) for url in urls]
    return sorted({(address, place.port or 80) for place in places for address in addresses_of(place.hostname or "")})


def neighbours() -> list[str]:
    code, text = run("ip", "-json", "address", "show", seconds=NAME_SECONDS)
    links = json.loads(text) if code == 0 else []
    places = [
        f"{address['local']}/{address['prefixlen']}"
        for link in links
        if "LOOPBACK" not in link["flags"]
        for address in link["addr_info"]
    ]
    names = ("host.docker.internal", "gateway.docker.internal")
    return sorted({*places, *(address for name in names for address in addresses_of(name))})


@lru_cache(maxsize=64)
def addresses_of(name: str) -> tuple[str, ...]:
    """A name is looked up once: a hub that starts a class does not wait for it each time."""
    if is_address(name):
        return (name,)
    code, text = run("getent", "ahosts", name, seconds=NAME_SECONDS) if name else (1, "")
    found = {line.split()[0] for line in text.splitlines() if line.strip()} if code == 0 else set()
    return tuple(sorted(found))


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def people_of(homes: Path) -> list[int]:
    """Whose homes these are: an account that owns none has never had a server."""
    first, last = PEOPLE
    owners: set[int] = set()
    with suppress(FileNotFoundError):
        for entry in os.scandir(homes):
            # One that goes while this looks is nobody's any more; the others are held all the same.
            with suppress(FileNotFoundError):
                owners.add(entry.stat(follow_symlinks=False).st_uid)
    return sorted(uid for uid in owners if first <= uid <= last)


class HubNetwork:
    """The rules of one hub, as its settings want them."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.hub = str(settings["name"])
        egress = settings["egress"]
        self.egress: str | Sequence[str] = egress if isinstance(egress, str) else tuple(egress)  # type: ignore[assignment]
        self.homes = Path(str(settings["homesDirectory"]))
        self.in_container = bool(settings["inContainer"])
        self.proxies: Sequence[str] = settings["networkProxies"]

    def wanted(self) -> Rules:
        people: Sequence[int] = () if self.in_container else people_of(self.homes) or (PEOPLE[1],)
        return Rules(self.hub, self.egress, tuple(people), look_around(self.proxies, in_container=self.in_container))

    def ensure(self) -> None:
        """Gives the kernel the rules where it has others, or none. Throws `RulesRefused`."""
        with alone():
            rules = self.wanted()
            if digest_in_force(self.hub) != rules.digest:
                load(rules)

    def hold(self) -> None:
        """As `ensure`, for a hub that is to start: where the spec limits nothing, a machine that takes no rules is no reason to
        stay down."""
        try:
            self.ensure()
        except RulesRefused as refused:
            if self.egress != "all":
                raise
            print(f"Servers can reach cloud metadata addresses: {refused}", file=sys.stderr)

    def is_in_force(self) -> bool:
        return digest_in_force(self.hub) == self.wanted().digest


@contextmanager
def alone() -> Iterator[None]:
    """Two who load rules at once: the later one has seen every home. Only root can open the file."""
    with open(LOCK, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RulesRefused(f"another program holds {LOCK}") from None
                time.sleep(0.05)
        yield


def main(words: Sequence[str]) -> None:
    """`look SETTINGS`: the tool, and whether the wanted rules are in force, or others. `load SETTINGS`.
    `present NAME`: whether the hub has rules at all. `remove NAME`."""
    verb, argument = words
    if verb == "remove":
        return remove(argument)
    if verb == "present":
        return print(json.dumps(digest_in_force(argument) is not None))
    network = HubNetwork(json.loads(argument))
    if verb == "load":
        return network.ensure()
    seen = digest_in_force(network.hub)
    state = "absent" if seen is None else "wanted" if network.is_in_force() else "other"
    print(json.dumps({"tool": find_tool(), "state": state}))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except RulesRefused as refused:
        sys.exit(str(refused))
