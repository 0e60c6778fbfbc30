"""How names are made of a provider's accounts. When they are made another way, the names of before stay with their accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, Unicode

from jupyterhub import orm


class Naming(orm.Base):
    """How the names of an issuer's accounts were last made."""

    __tablename__ = "jhub_naming"
    issuer = Column(Unicode(255), primary_key=True)
    naming = Column(Unicode(1000), nullable=False)


class FormerName(orm.Base):
    """A name that an account had by another naming. No other account of that issuer gets it."""

    __tablename__ = "jhub_former_name"
    issuer = Column(Unicode(255), primary_key=True)
    name = Column(Unicode(255), primary_key=True)
    subject = Column(Unicode(255), nullable=False)


def naming_of(settings: Mapping[str, Any]) -> str:
    """What the names of a method's accounts are made of, and which domain is cut off."""
    template = str(settings.get("userDn") or "").partition("=")[0]
    named_by = settings.get("usernameClaim") or template or settings.get("userAttribute") or ""
    return f"{str(named_by).lower()} {settings['stripDomain']}".strip()


def changes_naming(db: Any, issuer: str, naming: str) -> bool:
    """Whether names were made another way until now; from now on they are made this way."""
    row = db.get(Naming, issuer)
    if row is not None and row.naming == naming:
        return False
    db.merge(Naming(issuer=issuer, naming=naming))
    return row is not None


def former_owner(db: Any, issuer: str, name: str) -> Any:
    """The account that had a name before; `None` when none did."""
    return db.get(FormerName, (issuer, name))
