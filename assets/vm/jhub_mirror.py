"""The mirror of the course's repository on the hub's machine: homes are filled from it, with or without internet."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from jhub_content import QUIET, reason_in, variables_of

log = logging.getLogger("jhub")
# A class starts within a minute: its network is asked once.
REST_SECONDS = 60
FETCH_SECONDS = 20
END_SECONDS = 5
PROGRAM = "jhub_content.py"
# Everybody reads what is fetched. The hub's own files are nobody else's.
MASK = 0o022


class ContentMirror:
    """Updates the mirror, at most once a minute, and says how homes are filled from it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.content: dict[str, Any] | None = settings["content"]
        self.place = Path(settings["contentDirectory"])
        self.python = f"{settings['userEnvironment']}/bin/python"
        self.fetched = -float(REST_SECONDS)
        self.lock = asyncio.Lock()

    @property
    def variables(self) -> dict[str, str]:
        """What servers are given. Git reads the mirror in place of the repository's address, by a configuration of its own."""
        given = variables_of(self.content)
        return given and {**given, "GIT_CONFIG_SYSTEM": str(self.place / "gitconfig")}

    @property
    def command(self) -> list[str] | None:
        """What fills a home; `None` where nothing does."""
        program = self.place / PROGRAM
        return [self.python, "-I", str(program)] if self.content is not None and program.exists() else None

    async def refresh(self) -> None:
        """Without internet homes get what the mirror has."""
        if self.content is None or not (self.place / "mirror.git").is_dir():
            return
        async with self.lock:
            if time.monotonic() - self.fetched < REST_SECONDS:
                return
            problem = await self.fetch()
            self.fetched = time.monotonic()
        if problem is not None:
            log.warning("The repository of the course was not fetched, and homes get what is here: %s", problem)

    async def fetch(self) -> str | None:
        words = ["git", "-C", str(self.place / "mirror.git"), "fetch", "--quiet", "--prune", "origin"]
        environment = os.environ | QUIET | {"LC_ALL": "C"}
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stderr=pipe,
                start_new_session=True,
                umask=MASK,
            )
        except OSError as error:
            return error.strerror
        try:
            _, complaints = await asyncio.wait_for(process.communicate(), FETCH_SECONDS)
        except asyncio.TimeoutError:
            await end(process)
            return f"it took longer than {FETCH_SECONDS} s"
        return None if process.returncode == 0 else reason_in(complaints.decode(errors="replace"))


async def end(process: asyncio.subprocess.Process) -> None:
    """Git takes its locks away when it is asked to end, and leaves them behind when it is killed."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(process.wait(), END_SECONDS)
            return
