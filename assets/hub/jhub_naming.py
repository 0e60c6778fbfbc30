"""How names are made of a provider's accounts. When they are made another way, the names of before stay with their accounts."""

from __future__ import annotations

import hashlib
import json
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
    """What the names of a method's accounts are made of, and which domain is cut off; of a class, all that it is told."""
    template = str(settings.get("userDn") or "").partition("=")[0]
    claim = settings.get("usernameClaim") or template or settings.get("userAttribute")
    named_by = claim or short_digest(settings.get("config"))
    return f"{str(named_by).lower()} {settings['stripDomain']}".strip()


def short_digest(config: Any) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:12] if config else ""


def changes_naming(db: Any, issuer: str, naming: str) -> bool:
    """Whether names may have been made another way until now, as those of older hubs, which wrote nothing down; from now on they
    are made this way."""
    row = db.get(Naming, issuer)
    if row is not None and row.naming == naming:
        return False
    db.merge(Naming(issuer=issuer, naming=naming))
    return True


def former_owner(db: Any, issuer: str, name: str) -> Any:
    """The account that had a name before; `None` when none did."""
    return db.get(FormerName, (issuer, name))
