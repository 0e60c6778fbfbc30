"""What is said of a server's unit that ended while the server started."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from jhub_unit_end import ran_out_of_memory, why_ended

UNIT = "jhub-class.ana.server"


@pytest.mark.parametrize(
    ("result", "status", "expected"),
    [
        ("oom-kill", "9", True),
        ("signal", "9", True),
        ("signal", "11", False),
        ("exit-code", "9", False),
        ("timeout", "9", False),
        ("success", "0", False),
    ],
)
def test_a_kill_is_told_as_memory_that_ran_out(result: str, status: str, expected: bool) -> None:
    assert ran_out_of_memory({"Result": result, "ExecMainStatus": status}) is expected


def answer_as_systemd(monkeypatch: pytest.MonkeyPatch, shown: str, asked: list[list[str]]) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 0, shown if command[0] == "systemctl" else "first \nlast\n", "")

    monkeypatch.setattr(subprocess, "run", run)


def test_only_the_words_of_this_start_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[list[str]]()
    answer_as_systemd(monkeypatch, "Result=signal\nExecMainStatus=9\nInvocationID=a1\n", asked)
    assert why_ended(UNIT).startswith(f"its unit {UNIT} was killed, as Linux does when memory runs out")
    assert asked[1][-3:] == ["_SYSTEMD_INVOCATION_ID=a1", "+", "INVOCATION_ID=a1"]


def test_of_a_unit_that_is_forgotten_the_last_words_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[list[str]]()
    answer_as_systemd(monkeypatch, "Result=success\nExecMainStatus=0\nInvocationID=\n", asked)
    assert why_ended(UNIT) == f"its unit {UNIT} ended: first / last"
    assert asked[1][-2:] == ["--unit", UNIT]


def test_last_words_that_are_no_text_are_shown_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("systemctl", "journalctl"):
        (tmp_path / name).write_text("#!/bin/sh\nprintf 'last \\377\\n'\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert why_ended(UNIT) == f"its unit {UNIT} ended: last \ufffd"
