"""The page on which a person chooses the image of their server, and what becomes of what they send.

What comes from a browser or by the REST API is a name and nothing else, and counts only where the policy offers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jhub_images import STANDARD, choices_of, pick_image
from jhub_refusal import saying
from jupyterhub.utils import maybe_future

OPTION = "image"
REFUSAL = "You cannot choose that image. Choose one of these."


class Choice(NamedTuple):
    """One line of the page."""

    name: str
    description: str
    contains: list[str]
    is_picked: bool


class ChoosingSpawner:
    """Comes before a spawner's own class: asks for an image where the owner of the server has a choice."""

    user: Any
    user_options: dict[str, Any]

    def image_rules(self) -> Mapping[str, Any]:
        """What the hub's policy says of images."""
        raise NotImplementedError

    @property
    def group_names(self) -> list[str]:
        return [group.name for group in self.user.groups]

    @property
    def chosen_image(self) -> Any:
        """What was chosen last, as it was sent: anything."""
        return (self.user_options or {}).get(OPTION)

    def choices(self) -> list[Choice]:
        """What the page offers; nothing where there is nothing to choose."""
        rules, groups = self.image_rules(), self.group_names
        names = choices_of(rules, self.user.name, groups)
        if len(names) < 2:
            return []
        picked = pick_image(rules, self.user.name, groups, self.chosen_image) or names[0]
        about = rules.get("about", {})
        return [
            Choice(
                name,
                about.get(name, {}).get("description", ""),
                about.get(name, {}).get("contains", []),
                is_picked=name == picked,
            )
            for name in names
        ]

    async def get_options_form(self) -> str:
        """JupyterHub asks for it before each start from a page; without a form the server starts at once."""
        choices = self.choices()
        if not choices:
            return str(await super().get_options_form())  # type: ignore[misc]
        template = self.user.settings["jinja2_env"].get_template("choose.html")
        return str(await maybe_future(template.render_async(choices=choices, standard=STANDARD)))

    def run_options_from_form(self, form_data: dict[str, list[Any]]) -> Any:
        """The choice of a form that was sent. Raises 403 for one that the page did not offer."""
        choices = self.choices()
        if not choices:
            return super().run_options_from_form(form_data)  # type: ignore[misc]
        return {OPTION: checked_choice([choice.name for choice in choices], form_data.get(OPTION))}

    def options_from_query(self, query_data: dict[str, list[Any]]) -> Any:
        """The choice of a link, as `/hub/spawn?opt-image=data`."""
        if not self.choices():
            return super().options_from_query(query_data)  # type: ignore[misc]
        return self.run_options_from_form(query_data)


def checked_choice(names: list[str], sent: Any) -> str:
    """The one name that was sent, when it is one of these; else raises 403."""
    if isinstance(sent, list) and len(sent) == 1 and sent[0] in names:
        return str(sent[0])
    raise saying(REFUSAL, status=403)
