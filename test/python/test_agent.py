"""The program that speaks for jhub on a machine."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")

AGENT = Path(__file__).parents[2] / "assets" / "vm" / "jhub_agent.py"
# A machine so busy that the agent is told of a new program a second after that has begun.
SLOW_START = """
import runpy, subprocess, sys, time
start = subprocess.Popen
def slow(*words, **options):
    child = start(*words, **options)
    time.sleep(1)
    return child
subprocess.Popen = slow
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_what_has_just_begun_ends_with_the_conversation_too(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    agent = subprocess.Popen(
        [sys.executable, "-c", SLOW_START, str(AGENT)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert agent.stdin is not None
    request = {"id": 1, "do": "run", "argv": ["sh", "-c", f"echo $$ > {mark}; exec sleep 600"]}
    agent.stdin.write(json.dumps(request) + "\n")
    agent.stdin.flush()
    while not mark.exists() or not mark.read_text().strip():
        time.sleep(0.01)
    agent.stdin.close()
    agent.wait(timeout=60)
    pid = mark.read_text().strip()
    state = Path(f"/proc/{pid}/stat")
    deadline = time.monotonic() + 60
    while state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] != "Z":
        assert time.monotonic() < deadline, "it still runs"
        time.sleep(0.01)


def run_there(argv: list[str], *, stdin: str, timeout_ms: int) -> dict[str, Any]:
    return ask({"do": "run", "argv": argv, "stdin": stdin, "timeoutMs": timeout_ms})


def ask(asked: dict[str, Any]) -> dict[str, Any]:
    agent = subprocess.Popen([sys.executable, str(AGENT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert agent.stdin is not None and agent.stdout is not None
    request = {"id": 1, **asked}
    agent.stdin.write(json.dumps(request) + "\n")
    agent.stdin.flush()
    ready, _, _ = select.select([agent.stdout], [], [], 60)
    answer: dict[str, Any] = json.loads(agent.stdout.readline()) if ready else {}
    agent.stdin.close()
    agent.wait(timeout=60)
    return answer


def test_files_of_a_process_that_has_ended_since_they_were_opened_are_nothing() -> None:
    ended = subprocess.Popen(["true"])
    os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
    try:
        place = f"/proc/{ended.pid}/smaps_rollup"
        assert ask({"do": "stat", "path": place})["value"]["kind"] == "file"
        assert ask({"do": "read", "path": place}) == {"id": 1, "value": None}
    finally:
        ended.wait()


def test_a_program_that_reads_nothing_has_no_more_time_than_others() -> None:
    answer = run_there(["sleep", "600"], stdin="x" * 1_000_000, timeout_ms=500)
    assert answer["error"]["code"] == "TIMEOUT"


def test_both_outputs_have_one_deadline() -> None:
    answer = run_there(["sh", "-c", "sleep 3; exec >&-; sleep 3.5"], stdin="", timeout_ms=4_000)
    assert answer["error"]["code"] == "TIMEOUT"


def test_a_hubs_processes_are_known_by_their_program_and_ended_whoever_started_them(tmp_path: Path) -> None:
    hub, other = tmp_path / "hub", tmp_path / "hub2"
    for directory in (hub, other):
        directory.mkdir()
        shutil.copy(shutil.which("sleep") or "", directory / "program")
    # The second does not heed a request to end; of the third only where it stands is the hub's directory.
    heedless = [str(hub / "program"), "-c", "trap '' TERM; while :; do sleep 1; done"]
    started = [
        subprocess.Popen([hub / "program", "600"]),
        subprocess.Popen(heedless, executable="/bin/sh"),
        subprocess.Popen(["sleep", "600"], cwd=hub),
        subprocess.Popen([other / "program", "600"]),
    ]
    try:
        asked = {"do": "processesOf", "below": [str(hub)], "units": "jhub-of-no-hub."}
        found = ask(asked)["value"]
        assert {each["pid"] for each in found} == {started[0].pid, started[1].pid}
        assert all("unit" not in each for each in found)
        # As if the pid of the second now were another program's.
        another = [found[0], {**found[1], "started": "1"}]
        assert ask({"do": "endProcesses", "processes": another})["value"] == []
        left = ask(asked)["value"]
        assert len(left) == 1
        assert ask({"do": "endProcesses", "processes": left})["value"] == []
        assert ask(asked)["value"] == []
        assert [each.poll() is None for each in started[2:]] == [True, True]
    finally:
        for each in started:
            each.kill()
            each.wait()


def test_a_person_whose_program_has_a_name_that_is_no_text_hides_no_other(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    odd = os.fsencode(tmp_path) + b"/\xff\xfe"
    for place in (odd, os.fsencode(hub / "program")):
        shutil.copy(os.fsencode(shutil.which("sleep") or ""), place)
    started = [subprocess.Popen([odd, b"600"]), subprocess.Popen([hub / "program", "600"])]
    try:
        found = ask({"do": "processesOf", "below": [str(hub)], "units": "jhub-of-no-hub."})["value"]
        assert [each["pid"] for each in found] == [started[1].pid]
        gone = {"pid": started[0].pid, "started": "1"}
        assert ask({"do": "endProcesses", "processes": [gone]})["value"] == []
        assert started[0].poll() is None
    finally:
        for each in started:
            each.kill()
            each.wait()


def test_who_listens_is_told_also_where_its_command_line_is_no_text() -> None:
    listens = "import socket, time; one = socket.create_server(('127.0.0.1', 0)); print(one.getsockname()[1], flush=True); time.sleep(600)"
    started = subprocess.Popen([sys.executable, "-c", listens, b"\xff"], stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None
    try:
        asked = {"do": "portState", "address": "127.0.0.1", "port": int(started.stdout.readline())}
        value = ask(asked)["value"]
        assert (value["state"], value["pid"]) == ("used", started.pid)
    finally:
        started.kill()
        started.wait()
        started.stdout.close()


@as_root
def test_a_program_of_another_account_is_not_the_hubs_whatever_it_calls_itself(tmp_path: Path) -> None:
    hub = tmp_path / "hub"
    # As `su` is, which runs with root's rights for whoever started it.
    like_su = Path(tempfile.mkdtemp()) / "su"
    like_su.parent.chmod(0o711)
    shutil.copy(shutil.which("sleep") or "", like_su)
    like_su.chmod(0o4711)
    started = [
        subprocess.Popen([str(hub / "program"), "600"], executable=executable, user=65534)
        for executable in (shutil.which("sleep") or "", str(like_su))
    ]
    try:
        assert ask({"do": "processesOf", "below": [str(hub)], "units": "jhub-of-no-hub."})["value"] == []
    finally:
        for each in started:
            each.kill()
            each.wait()
        shutil.rmtree(like_su.parent)
