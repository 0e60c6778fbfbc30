"""What is done once for all who ask at the same moment."""

from __future__ import annotations

import asyncio

import pytest
from jhub_ask_once import AskOnce


class Slow:
    """An action that ends when it is told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.may_end = asyncio.Event()
        self.ask = AskOnce(self.run)

    async def run(self, given: str) -> None:
        self.begun.append(given)
        await self.may_end.wait()
        if given == "wrong":
            raise ValueError(given)


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_asks_at_the_same_moment_shares_one_run() -> None:
    async def many() -> list[str]:
        slow = Slow()
        slow.may_end.set()
        await asyncio.gather(*(slow.ask(f"s{number}") for number in range(20)))
        return slow.begun

    assert asyncio.run(many()) == ["s19"]


def test_who_asks_while_it_runs_gets_a_run_that_begins_later() -> None:
    async def late() -> None:
        slow = Slow()
        first = asyncio.ensure_future(slow.ask("first"))
        await turns()
        others = [asyncio.ensure_future(slow.ask(f"late {number}")) for number in range(3)]
        await turns()
        assert slow.begun == ["first"]
        slow.may_end.set()
        await asyncio.gather(first, *others)
        assert slow.begun == ["first", "late 2"]

    asyncio.run(late())


def test_a_failure_is_told_to_each_who_shares_it_and_to_nobody_later() -> None:
    async def failing() -> None:
        slow = Slow()
        slow.may_end.set()
        told = await asyncio.gather(slow.ask("right"), slow.ask("wrong"), return_exceptions=True)
        assert [type(each) for each in told] == [ValueError, ValueError]
        await slow.ask("right")

    asyncio.run(failing())


def test_who_does_not_wait_any_more_ends_it_for_nobody_else() -> None:
    async def leaving() -> None:
        slow = Slow()
        leaver, stayer = (asyncio.ensure_future(slow.ask("word")) for _ in range(2))
        await turns()
        leaver.cancel()
        await turns()
        slow.may_end.set()
        await stayer
        with pytest.raises(asyncio.CancelledError):
            await leaver
        assert slow.begun == ["word"]

    asyncio.run(leaving())
