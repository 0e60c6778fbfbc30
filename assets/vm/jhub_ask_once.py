"""What many servers want done before they start is done once for all that start at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class AskOnce:
    """
    Runs an action, one run at a time. Those who ask while it runs share the next run, which begins after all of them asked. What
    it throws, each of them is told.
    """

    def __init__(self, action: Callable[[], Awaitable[None]]) -> None:
        self.action = action
        self.lock = asyncio.Lock()
        self.next: asyncio.Future[None] | None = None

    async def __call__(self) -> None:
        if self.next is None or self.next.done():
            self.next = asyncio.ensure_future(self.run())
        # Who is cancelled leaves it to the others.
        await asyncio.shield(self.next)

    async def run(self) -> None:
        async with self.lock:
            self.next = None
            await self.action()
