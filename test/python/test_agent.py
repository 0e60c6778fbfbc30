"""The program that speaks for jhub on a machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

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
