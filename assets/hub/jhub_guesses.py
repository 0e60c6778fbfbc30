"""How often a password may be guessed: counted for a name and the place from which somebody tries.

A place is a browser that has logged in as that person before, which shows it by a signed cookie, or else an address. So
nobody locks another person out by their name.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Collection
from typing import Any

MOST_PLACES = 20_000
COOKIE_DAYS = 365


class Guesses:
    """Counts tries. Whoever has used up theirs waits; what is known of others is not touched."""

    def __init__(self, allowed: int, wait_seconds: float) -> None:
        self.allowed = allowed
        self.wait_seconds = wait_seconds
        self.tries: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()

    def take(self, name: str, place: str) -> bool:
        """Counts one try, before its outcome is known: many at once are not more than one after another. False: wait."""
        now = time.monotonic()
        count, since = self.tries.pop((name, place), (0, now))
        if now - since > self.wait_seconds:
            count = 0
        if count >= self.allowed > 0:
            self.tries[name, place] = (count, since)
            return False
        self.tries[name, place] = (count + 1, now)
        while len(self.tries) > MOST_PLACES:
            self.tries.popitem(last=False)
        return True

    def forget(self, name: str, place: str) -> None:
        """After a success: what failed from there before no longer counts."""
        self.tries.pop((name, place), None)

    def forget_names(self, names: Collection[str]) -> None:
        """After new passwords: what failed anywhere before no longer counts."""
        for key in [key for key in self.tries if key[0] in names]:
            del self.tries[key]


def cookie_name(user_name: str) -> str:
    return f"jhub-known-{hashlib.sha256(user_name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def place_of(handler: Any, user_name: str, proxies: int) -> str:
    """From where somebody tries to log in. `proxies`: how many of the hub's own stand before it."""
    known = handler.get_signed_cookie(cookie_name(user_name), max_age_days=COOKIE_DAYS)
    return f"browser {known.decode()}" if known else client_address(handler.request.headers, proxies)


def remember_browser(handler: Any, user_name: str) -> None:
    """Gives a browser that has just logged in tries of its own. The cookie opens nothing."""
    name = cookie_name(user_name)
    if handler.get_signed_cookie(name, max_age_days=COOKIE_DAYS):
        return
    handler.set_signed_cookie(
        name,
        secrets.token_hex(16),
        expires_days=COOKIE_DAYS,
        path=handler.hub.base_url,
        httponly=True,
        samesite="Lax",
        secure=handler.request.protocol == "https",
    )


def client_address(headers: Any, proxies: int) -> str:
    """The address that the outermost of the hub's own proxies saw; what a client wrote before it is not believed.

    All of a machine's own addresses are one place, and so is an IPv6 network of one subscriber (/64).
    """
    hops = [part.strip() for value in headers.get_list("X-Forwarded-For") for part in value.split(",")]
    try:
        address = ipaddress.ip_address(hops[-proxies].split("%")[0])
    except (IndexError, ValueError):
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return "this machine" if address.is_loopback else str(ipaddress.ip_network((address, 64), strict=False))
        address = address.ipv4_mapped
    return "this machine" if address.is_loopback else str(address)
