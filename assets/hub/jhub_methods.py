"""Which class signs people in, by the settings of the hub. Only the packages of that one method are imported."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

LEAST_PASSWORD_LENGTH = 10
DAY_SECONDS = 86_400
CLASSES = {
    "shared-password": ("jhub_shared_password", "RoomSignIn"),
    "oidc": ("jhub_oidc", "OidcSignIn"),
    "github": ("jhub_github", "GithubSignIn"),
    "ldap": ("jhub_ldap", "DirectorySignIn"),
    "lti": ("jhub_lti", "PlatformSignIn"),
}


def use_method(c: Any, sign_in: Mapping[str, Any], secret: str) -> None:
    """Has the hub sign people in by `signIn` of its settings."""
    if sign_in["method"] == "password":
        from jhub_authenticator import JhubAuthenticator

        c.JupyterHub.authenticator_class = JhubAuthenticator
        c.JhubAuthenticator.minimum_password_length = LEAST_PASSWORD_LENGTH
        c.JhubAuthenticator.check_common_password = True
        c.JhubAuthenticator.allowed_failed_logins = 10
        c.JhubAuthenticator.seconds_before_next_try = 60
        return
    found = find_class(sign_in)
    c.JupyterHub.authenticator_class = found
    c[found.__name__].settings = dict(sign_in)
    c[found.__name__].secret = secret
    if sign_in["family"] == "class":
        import_module("jhub_class").configure(c, sign_in, secret, found)
    # Who comes in is jhub's to decide; JupyterHub need not warn that nobody is allowed.
    c[found.__name__].any_allow_config = True
    # Whoever may not sign in at the provider any more is out after a day.
    c.JupyterHub.cookie_max_age_days = 1
    c.JupyterHub.token_expires_in_max_seconds = DAY_SECONDS
    # Before JupyterHub 6.1 there was no other way.
    if found.class_traits().get("auth_refresh_strict") is not None:
        c[found.__name__].auth_refresh_strict = True


def find_class(sign_in: Mapping[str, Any]) -> Any:
    """The class that signs people in. Ends the hub with a sentence where its packages are not here."""
    family = sign_in["family"]
    try:
        if family == "class":
            return import_module("jhub_class").class_of(sign_in)
        module, name = CLASSES[family]
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise SystemExit(
            f"This hub has no Python package {error.name!r}, without which people cannot sign in by {family}. "
            "On one machine, name it in a file of auth.requirements; in a cluster, take an image of the hub that has it "
            "(k8s.values, hub.image). Or another method: jhub auth set"
        ) from error
