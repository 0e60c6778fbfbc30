"""Signing in with the password that a directory knows, by LDAP over TLS."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import ldap3
from jhub_allow import Account
from jhub_guesses import Guesses, place_of, remember_browser
from jhub_ldap_tls import KnownTls
from jhub_names import LONGEST_NAME
from jhub_refusal import unavailable
from jhub_seen import note_failure
from jhub_sign_in import SignIn
from jhub_trial import is_trial, note_claims
from ldap3.core.results import RESULT_SUCCESS
from ldapauthenticator import LDAPAuthenticator
from ldapauthenticator.ldapauthenticator import TlsStrategy
from tornado import web
from traitlets import Integer

log = logging.getLogger("jhub")

ANSWER_SECONDS = 10
TRIES = 10
WAIT_SECONDS = 60
LONGEST_PASSWORD = 1000
# What never changes of an entry, in the words of OpenLDAP, Active Directory, 389 and FreeIPA. Any other has its own name.
IDENTIFIERS = ("entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID")
# Attributes whose values end in a domain, in lower case.
WITH_DOMAIN = frozenset(["mail", "userprincipalname"])
# How a directory refuses a password: invalid credentials; no such object, inappropriate authentication, constraint violation,
# insufficient rights, unwilling to perform, as directories say of entries that are locked, expired or not there.
REFUSALS = frozenset([49, 32, 48, 19, 50, 53])


class DirectorySignIn(SignIn, LDAPAuthenticator):
    """LDAPAuthenticator, with a certificate that is checked, a deadline, and a name that stays with the entry that had it."""

    proxies = Integer(1, help="How many proxies of the hub's own stand before it.").tag(config=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said, server = self.settings, urlsplit(self.settings["server"])
        self.label: str = said["label"]
        self.tls_strategy = TlsStrategy.on_connect if server.scheme == "ldaps" else TlsStrategy.before_bind
        self.server_address = server.hostname or ""
        self.server_port = server.port or (636 if server.scheme == "ldaps" else 389)
        self.tls_kwargs = {"validate": ssl.CERT_REQUIRED, "ca_certs_file": said["caFile"] or None}
        # What a name may be is decided by `validate_username`.
        self.valid_username_regex = ""
        if said.get("userDn"):
            self.bind_dn_template = [said["userDn"]]
        else:
            self.lookup_dn = True
            self.user_search_base = said["base"]
            self.user_attribute = self.lookup_dn_user_dn_attribute = said["userAttribute"]
            self.use_lookup_dn_username = True
            self.lookup_dn_search_user = said.get("bindDn")
            self.lookup_dn_search_password = self.secret if said.get("bindDn") else None
        self.named_by: str = said["userDn"].partition("=")[0] if said.get("userDn") else said["userAttribute"]
        if self.named_by.lower() != "uid":
            # Others' names in `memberUid` are no names of ours.
            self.group_search_filter = "(|(member={userdn})(uniqueMember={userdn}))"
        rules = self.rules
        # Asked for one by one; those that somebody is not in open nothing.
        self.allowed_groups = sorted(rules.groups | rules.admin_groups | frozenset(rules.group_map))
        self.guesses = Guesses(TRIES, WAIT_SECONDS)
        # A slow directory holds up nobody but those who wait for it.
        self.asking = ThreadPoolExecutor(max_workers=8, thread_name_prefix="ldap")

    async def authenticate(self, handler: Any, data: dict[str, str]) -> dict[str, Any] | None:
        """Whoever the directory knows by this password, with the name that it has. Raises 400, 429 or 503."""
        if "username" not in data or "password" not in data:
            raise web.HTTPError(400, "A login needs a username and a password.")
        name, password = self.normalize_username(data["username"][:LONGEST_NAME]), data["password"]
        # With an empty password a directory lets anybody in as nobody, and calls that a success.
        if not self.validate_username(name) or not password.strip(" \t\0") or len(password) > LONGEST_PASSWORD:
            return None
        place = place_of(handler, name, self.proxies)
        if not self.guesses.take(name, place):
            raise web.HTTPError(429, "Too many wrong passwords. Wait a minute, then try again.")
        try:
            found = await asyncio.get_running_loop().run_in_executor(self.asking, self.ask, name, password)
        except Exception as error:
            log.error("Signing in at %s failed: %s", self.issuer, error)
            raise unavailable(self.label, "does not answer as it should") from error
        if found is None:
            note_failure(handler.db, self.failed_logins, name)
            return None
        self.guesses.forget(name, place)
        if not is_trial():
            remember_browser(handler, name)
        note_claims({self.named_by: found["name"], "groups": sorted(found["auth_state"]["ldap_groups"])})
        return {"name": found["name"], "account": self.account_of(found["auth_state"])}

    def ask(self, name: str, password: str) -> dict[str, Any] | None:
        """LDAPAuthenticator's own way, which waits for each answer."""
        answer = super().authenticate(None, {"username": name, "password": password})
        return asyncio.run(answer)

    def account_of(self, state: dict[str, Any]) -> Account:
        return Account(self.issuer, state["user_attributes"]["subject"], groups=frozenset(state["ldap_groups"]))

    def resolve_username(self, name: str) -> tuple[str | None, str | None]:
        """The name that the directory has, and its entry: as a template, in which braces mean themselves."""
        known, entry = super().resolve_username(self.whole_name(name))
        if known is None or entry is None or self.normalize_username(known) != name:
            return None, None
        return known, entry.replace("{", "{{").replace("}", "}}")

    def whole_name(self, name: str) -> str:
        """With the domain that was cut off, where the directory has names with one."""
        domain = self.settings["stripDomain"]
        has_domain = self.settings["userAttribute"].lower() in WITH_DOMAIN
        return f"{name}@{domain}" if domain and has_domain and "@" not in name else name

    def get_connection(self, userdn: str | None, password: str | None) -> ldap3.Connection | None:
        """`None` when this entry has another password. Raises what else went wrong.

        What is asked afterwards is asked as the hub's own entry, where it has one: people may not see whom a group has.
        """
        connection = self.connect(userdn, password)
        hub = self.lookup_dn_search_user if self.lookup_dn else None
        is_hub = self.lookup_dn and userdn == hub
        if not connection.bind():
            if connection.result["result"] in REFUSALS and not is_hub:
                return None
            raise not_let_in("the hub's own account" if is_hub else "a person", connection)
        if hub and not is_hub and not connection.rebind(hub, self.lookup_dn_search_password):
            raise not_let_in("the hub's own account", connection)
        return connection

    def connect(self, userdn: str | None, password: str | None) -> ldap3.Connection:
        """A way to the directory that nobody can listen to, on which nobody is anybody yet."""
        is_ldaps = self.tls_strategy == TlsStrategy.on_connect
        server = ldap3.Server(
            self.server_address,
            port=self.server_port,
            use_ssl=is_ldaps,
            tls=KnownTls(**self.tls_kwargs),
            get_info=ldap3.NONE,
            connect_timeout=ANSWER_SECONDS,
        )
        # Referrals would take the password to a server that nobody has named.
        connection = ldap3.Connection(
            server,
            user=userdn,
            password=password,
            auto_referrals=False,
            check_names=False,
            read_only=True,
            receive_timeout=ANSWER_SECONDS,
        )
        connection.open()
        if not is_ldaps and not connection.start_tls():
            raise ConnectionError("the directory does not do StartTLS")
        return connection

    def get_user_attributes(self, conn: ldap3.Connection, userdn: str) -> dict[str, str]:
        """By what the entry is known for ever."""
        conn.search(userdn, "(objectClass=*)", ldap3.BASE, attributes=list(IDENTIFIERS))
        entries = [entry for entry in conn.response or [] if entry["type"] == "searchResEntry"]
        if conn.result["result"] != RESULT_SUCCESS or len(entries) != 1:
            raise ConnectionError(f"the directory does not show the entry of a person: {conn.result['description']}")
        raw = {name.lower(): values for name, values in entries[0]["raw_attributes"].items()}
        for name in IDENTIFIERS:
            values = raw.get(name.lower(), [])
            if len(values) == 1:
                return {"subject": f"{name}={values[0].hex()}"}
        return {"subject": by_name(entries[0]["dn"])}


def not_let_in(who: str, connection: ldap3.Connection) -> ConnectionError:
    said = connection.result
    return ConnectionError(f"the directory does not let {who} in: {said['result']} {said['description']}")


def by_name(userdn: str) -> str:
    return f"dn={hashlib.sha256(userdn.lower().encode()).hexdigest()}"
