"""Errors whose page says a sentence to whoever meets them, and nothing else."""

from __future__ import annotations

from tornado import web


def saying(sentence: str, *, status: int) -> web.HTTPError:
    """Without `jupyterhub_message`, some of JupyterHub's pages say "HTTP 429: error" before the sentence."""
    error = web.HTTPError(status, sentence.replace("%", "%%"))
    error.jupyterhub_message = sentence  # type: ignore[attr-defined]
    return error


def refused(sentence: str, *, status: int = 403) -> web.HTTPError:
    """Why somebody cannot sign in, on a page of their own that also says whom to ask."""
    error = saying(sentence, status=status)
    error.jhub_sign_in = True  # type: ignore[attr-defined]
    return error


def unavailable(provider: str, what: str) -> web.HTTPError:
    """The provider could not do its part; `what` follows its name."""
    return refused(f"{provider} {what}. Try again in a few minutes.", status=503)
