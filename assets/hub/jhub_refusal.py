"""Why somebody cannot sign in, on a page of their own."""

from __future__ import annotations

from tornado import web


def refused(sentence: str, *, status: int = 403) -> web.HTTPError:
    """An error whose page says the sentence to whoever tried, and whom to ask."""
    error = web.HTTPError(status, sentence.replace("%", "%%"))
    error.jupyterhub_message = sentence  # type: ignore[attr-defined]
    error.jhub_sign_in = True  # type: ignore[attr-defined]
    return error


def unavailable(provider: str, what: str) -> web.HTTPError:
    """The provider could not do its part; `what` follows its name."""
    return refused(f"{provider} {what}. Try again in a few minutes.", status=503)
