"""What is done once for all who ask at the same moment."""

from __future__ import annotations

import asyncio

import pytest
from jhub_ask_once import AskOnce


class Slow:
    """An action that ends when it is told to, and does what it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = False
        self.may_end = asyncio.Event()
        self.ask = AskOnce(self.run)

    async def run(self) -> None:
        self.runs += 1
        await self.may_end.wait()
        if self.fails:
            raise ValueError("it was told to fail")


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_who_asks_at_the_same_moment_shares_one_run() -> None:
    async def many() -> int:
        slow = Slow()
        slow.may_end.set()
        await asyncio.gather(*(slow.ask() for _ in range(20)))
        return slow.runs

    assert asyncio.run(many()) == 1


def test_who_asks_while_it_runs_gets_a_run_that_begins_later() -> None:
    async def late() -> None:
        slow = Slow()
        first = asyncio.ensure_future(slow.ask())
        await turns()
        others = [asyncio.ensure_future(slow.ask()) for _ in range(3)]
        await turns()
        assert slow.runs == 1
        slow.may_end.set()
        await asyncio.gather(first, *others)
        assert slow.runs == 2

    asyncio.run(late())


def test_a_failure_is_told_to_each_who_shares_it_and_to_nobody_later() -> None:
    async def failing() -> None:
        slow = Slow()
        slow.may_end.set()
        slow.fails = True
        told = await asyncio.gather(slow.ask(), slow.ask(), return_exceptions=True)
        assert [type(each) for each in told] == [ValueError, ValueError]
        slow.fails = False
        await slow.ask()

    asyncio.run(failing())


def test_who_does_not_wait_any_more_ends_it_for_nobody_else() -> None:
    async def leaving() -> None:
        slow = Slow()
        leaver, stayer = (asyncio.ensure_future(slow.ask()) for _ in range(2))
        await turns()
        leaver.cancel()
        await turns()
        slow.may_end.set()
        await stayer
        with pytest.raises(asyncio.CancelledError):
            await leaver
        assert slow.runs == 1

    asyncio.run(leaving())


def test_a_run_that_was_ended_from_outside_is_not_waited_for_for_ever() -> None:
    async def ended() -> None:
        slow = Slow()
        first = asyncio.ensure_future(slow.ask())
        await turns()
        second = asyncio.ensure_future(slow.ask())
        await turns()
        assert slow.ask.next is not None
        slow.ask.next.cancel()
        slow.may_end.set()
        await asyncio.gather(first, second, return_exceptions=True)
        await slow.ask()
        assert slow.runs == 2

    asyncio.run(ended())
