"""Which names a person may have, and the account, home and pod name of a person; says the same as the command line's
`src/hub-spec/people/user-name.ts`."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST_NAME = 254
LONGEST = 32
DIGITS = 16
OLD_DIGITS = 8
PLAIN = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
MAPPED = re.compile(rf"--([0-9a-f]{{{OLD_DIGITS}}}|[0-9a-f]{{{DIGITS}}})$")
OLD_MAPPED = re.compile(rf"--[0-9a-f]{{{OLD_DIGITS}}}$")
FORBIDDEN = frozenset("/\\:,;#?%\"'`<>|&*")
# Control, format, surrogate and private characters. Not those that this Python does not know: the command line may.
UNSEEN = ("Cc", "Cf", "Cs", "Co")


def normalise_name(text: str) -> str:
    """The one way in which a name is written: lower case, NFKC."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).strip().lower())


def looks_alike(written: str) -> bool:
    """Whether a name is of other letters than the normalised one, as in full width: it can be another account's than that."""
    bare = written.strip()
    name = normalise_name(written)
    return name != unicodedata.normalize("NFC", bare).lower() or (name.isascii() and not bare.isascii())


def name_problem(name: str) -> str | None:
    """Why a normalised name cannot be a person's, in half a sentence; `None` when it can."""
    if not name:
        return "it is empty"
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_NAME:
        return f"it is longer than {LONGEST_NAME} characters"
    for letter in name:
        if letter.isspace():
            return "it has white space in it"
        if letter in FORBIDDEN or unicodedata.category(letter) in UNSEEN:
            return f"it has {letter!a} in it"
    if name[0] in "-.":
        return f'it begins with "{name[0]}"'
    if not any(unicodedata.category(letter)[0] in "LN" or unicodedata.category(letter) == "Cn" for letter in name):
        return "it has no letter and no digit"
    return "as a key of the settings file it would be lost" if name == "__proto__" else None


def account_name(user_name: str) -> str:
    """The name itself where it can be an account, else what is readable of it and sixteen digits of its hash.

    Always `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 32 long; nobody can find two names that share one.
    """
    return map_name(user_name, MAPPED, DIGITS)


def old_account_name(user_name: str) -> str:
    """The account that an older jhub gave: eight digits, so that two names that share one can be searched for."""
    return map_name(user_name, OLD_MAPPED, OLD_DIGITS)


def map_name(user_name: str, mapped: re.Pattern[str], digits: int) -> str:
    if PLAIN.fullmatch(user_name) and len(user_name) <= LONGEST and not mapped.search(user_name):
        return user_name
    folded = unicodedata.normalize("NFKD", user_name).lower()
    bare = "".join(letter for letter in folded if not unicodedata.category(letter).startswith("M"))
    slug = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    started = slug if re.match(r"[a-z]", slug) else f"u-{slug}"
    readable = started[: LONGEST - digits - 2].rstrip("-")
    return f"{readable}--{hashlib.sha256(user_name.encode()).hexdigest()[:digits]}"
