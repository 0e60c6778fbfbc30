"""Who may sign in with an account of somebody else's: rules of the settings file over what a provider says of an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Account:
    """What a provider says of whoever signed in there."""

    # Who says it, and by which never-changing identifier it knows the account.
    issuer: str
    subject: str
    # Of e-mail addresses that the provider has verified.
    domains: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rules:
    """`auth.allow`, `auth.adminGroups` and `auth.groups`. Without any, only those whom the settings file names."""

    everybody: bool = False
    domains: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    admin_groups: frozenset[str] = frozenset()
    # The provider's group to the hub's.
    group_map: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Rules:
        """The rules of `signIn` in the hub's settings."""
        allow = settings["allow"]
        return cls(
            everybody=allow["everybody"] is True,
            domains=frozenset(domain.lower() for domain in allow["domains"]),
            groups=frozenset(allow["groups"]),
            organizations=frozenset(name.lower() for name in allow["organizations"]),
            admin_groups=frozenset(settings["adminGroups"]),
            group_map=dict(settings["groups"]),
        )

    def allow(self, account: Account) -> bool:
        """Whether an account may sign in that the settings file does not name."""
        return (
            self.everybody
            or not self.domains.isdisjoint(account.domains)
            or not self.groups.isdisjoint(account.groups)
            or not self.organizations.isdisjoint(account.organizations)
            or self.makes_admin(account)
        )

    def makes_admin(self, account: Account) -> bool:
        return not self.admin_groups.isdisjoint(account.groups)

    def hub_groups(self, account: Account) -> frozenset[str]:
        """The hub's groups that the account's own stand for."""
        return frozenset(ours for theirs, ours in self.group_map.items() if theirs in account.groups)


def email_domain(email: Any) -> str | None:
    """The domain of an e-mail address in lower case; `None` for a text that is no plain address."""
    if not isinstance(email, str) or not email.isprintable():
        return None
    local, at, domain = email.rpartition("@")
    if not at or not local or "@" in local or not domain or any(letter.isspace() for letter in email):
        return None
    return domain.lower()


def verified_domain(claims: Mapping[str, Any]) -> str | None:
    """The domain of an address that the provider says it has verified."""
    return email_domain(claims.get("email")) if is_verified(claims) else None


def is_verified(claims: Mapping[str, Any]) -> bool:
    return claims.get("email_verified") is True or claims.get("email_verified") == "true"


def texts(value: Any) -> frozenset[str]:
    """The texts of a list. Anything else is none: the letters of a text are no groups."""
    return frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()
