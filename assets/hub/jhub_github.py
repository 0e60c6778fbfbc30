"""Signing in with GitHub, or a GitHub Enterprise Server. Names are GitHub's, bound to the account's number there."""

from __future__ import annotations

from typing import Any

from jhub_allow import Account
from jhub_provider import ProviderSignIn
from oauthenticator.github import GitHubOAuthenticator


class GithubSignIn(ProviderSignIn, GitHubOAuthenticator):
    """GitHub says who somebody is; organizations and teams are asked for where a rule needs them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.github_url = self.issuer
        self.scope = self.settings["scopes"]

    async def update_auth_model(self, auth_model: Any) -> Any:
        state = auth_model["auth_state"]
        info, token = state[self.user_auth_state_key], state["token_response"]
        number = info.get("id")
        if isinstance(number, bool) or not isinstance(number, int):
            raise ValueError("GitHub did not say the number of the account")
        asks = "read:org" in self.scope
        organizations = await self.read_list("/user/orgs", token) if asks else []
        teams = await self.read_list("/user/teams", token) if asks else []
        account = Account(
            self.issuer,
            str(number),
            organizations=frozenset(entry["login"].lower() for entry in organizations),
            groups=frozenset(f"{entry['organization']['login'].lower()}:{entry['slug']}" for entry in teams),
        )
        return {**auth_model, "admin": None, "account": account}

    async def read_list(self, path: str, token: Any) -> list[Any]:
        """All pages of what GitHub lists of the account."""
        url = f"{self.github_api}{path}?per_page=100"
        return list(await self._paginated_fetch(url, token["access_token"], token["token_type"]))
