"""The Python environment from which a person's server is started: the image's, or the one that everybody has."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from jhub_images import Image, missing

# As `src/engines/vm` names them: nothing else that a policy says leads to a program.
ENVIRONMENT = re.compile(r"image-[a-z][a-z0-9-]{0,30}-[0-9a-f]{12}")
WHOLE = ".jhub-whole"


def whole_environment(environments: Path, reference: str) -> Path | None:
    """The environment of such a name; `None` where there is none that is whole."""
    directory = environments / reference
    return directory if ENVIRONMENT.fullmatch(reference) and (directory / WHOLE).is_file() else None


def find_environment(environments: Path, image: Image | None) -> Path | None:
    """Where the image's environment stands; `None` without an image. Raises 503 where it has none that is whole."""
    if image is None:
        return None
    directory = whole_environment(environments, image.reference)
    if directory is None:
        raise missing(image)
    return directory


class EnvironmentSpawner:
    """Comes before a spawner's own class: starts the server from its image's environment."""

    settings: dict[str, Any]
    cmd: list[str]
    image_environment: Path | None = None
    usual_command: list[str] | None = None

    @property
    def environment_path(self) -> str:
        return str(self.image_environment or self.settings["userEnvironment"])

    async def progress(self) -> AsyncIterator[dict[str, Any]]:
        """What a person reads who waits for the server: JupyterHub's own word is of spawning."""
        yield {"progress": 50, "message": "JupyterLab is starting."}

    def set_image(self, image: Image | None) -> Image | None:
        """Takes the environment of this image for the next start; gives the image that it really has."""
        self.image_environment = find_environment(Path(self.settings["userEnvironment"]).parent, image)
        if self.usual_command is None:
            self.usual_command = list(self.cmd)
        own = None if self.image_environment is None else [f"{self.image_environment}/bin/jupyterhub-singleuser"]
        self.cmd = own or self.usual_command
        return None if self.image_environment is None else image
