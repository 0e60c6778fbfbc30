"""The end of a server's unit: why it ended, for whoever asks why the server did not start, and room for the next start."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping

from systemdspawner import systemd

SHOWN_LINES = 5
SIGKILL = "9"


async def end_whole(unit: str) -> None:
    """Leaves nothing of a unit that has ended or is about to. While systemd clears up after it, it would take away what the next
    start writes for its unit, and how it ended would be taken for the end of the next.
    """
    state = await state_of(unit)
    if state == "deactivating":
        await systemd.stop_service(unit)
        state = await state_of(unit)
    if state == "failed":
        await systemd.reset_service(unit)


async def state_of(unit: str) -> str:
    asked = await asyncio.create_subprocess_exec("systemctl", "is-active", unit, stdout=asyncio.subprocess.PIPE)
    said, _ = await asked.communicate()
    return said.decode().strip()


def why_ended(unit: str) -> str:
    """In a sentence, with the last words of this start of the unit. Asks systemd and the journal."""
    end = read_end(unit)
    how = (
        "was killed, as Linux does when memory runs out: its own limit, or that of all servers together, is too low"
        if ran_out_of_memory(end)
        else "ended"
    )
    return f"its unit {unit} {how}: {last_words(unit, end.get('InvocationID', ''))}"


def read_end(unit: str) -> dict[str, str]:
    command = ["systemctl", "show", unit, "--property=Result,ExecMainStatus,InvocationID"]
    shown = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False).stdout
    return {name: value for name, _, value in (line.partition("=") for line in shown.splitlines())}


def ran_out_of_memory(end: Mapping[str, str]) -> bool:
    """systemd says so itself where control groups are of version 2. Nobody else kills a server that starts."""
    return end.get("Result") == "oom-kill" or (end.get("Result"), end.get("ExecMainStatus")) == ("signal", SIGKILL)


def last_words(unit: str, invocation: str) -> str:
    """The end of its log, without what systemd says of the unit's name before and after. A unit that is forgotten has no invocation."""
    matches = [f"_SYSTEMD_INVOCATION_ID={invocation}", "+", f"INVOCATION_ID={invocation}"] if invocation else ["--unit", unit]
    command = ["journalctl", "--lines", str(SHOWN_LINES), "--output=cat", "--quiet", *matches]
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    return " / ".join(line.strip() for line in answer.stdout.splitlines())
