"""The account, home and pod name of a JupyterHub user; says the same as `accountName` of the command line."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 32
PLAIN = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
MAPPED = re.compile(r"--[0-9a-f]{8}$")


def account_name(user_name: str) -> str:
    """The name itself where it can be an account, else what is readable of it and eight digits of its hash.

    Always `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 32 long; two users never share one.
    """
    if PLAIN.fullmatch(user_name) and len(user_name) <= LONGEST and not MAPPED.search(user_name):
        return user_name
    folded = unicodedata.normalize("NFKD", user_name).lower()
    bare = "".join(letter for letter in folded if not unicodedata.category(letter).startswith("M"))
    slug = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    started = slug if re.match(r"[a-z]", slug) else f"u-{slug}"
    readable = started[: LONGEST - 10].rstrip("-")
    return f"{readable}--{hashlib.sha256(user_name.encode()).hexdigest()[:8]}"
