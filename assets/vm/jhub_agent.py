"""Works on a machine for a jhub that runs elsewhere: requests come as lines of JSON, answers go as lines of JSON.

It is sent over standard input, is written nowhere, and ends with the conversation; what it runs ends with it. It must run on
any Python 3.8 or newer, with the standard library alone.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import io
import ipaddress
import json
import os
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tarfile
import threading
import time
import uuid
from collections.abc import Callable
from typing import IO, Any

NETWORK = re.compile("_proxy$|^SSL_CERT_|^UV_|^PIP_", re.IGNORECASE)
Request = Any
Child = Any
RUNNING: dict[int, Child] = {}
LOCK = threading.Lock()
# Held while a program starts, so that the end of the conversation never falls between its start and its entry above.
STARTING = threading.Lock()


def say(message: dict[str, Any]) -> None:
    line = json.dumps(message) + "\n"
    with LOCK:
        sys.stdout.write(line)
        sys.stdout.flush()


class TimedOut(Exception):
    """A program did not end in its time."""


def run(request: Request, number: int) -> Any:
    environment = dict(os.environ, **request.get("env", {}))
    with STARTING:
        child: Child = subprocess.Popen(
            request["argv"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=request.get("cwd"),
            env=environment,
            start_new_session=True,
        )
        RUNNING[number] = child
    end_first(child)
    texts: dict[str, list[str]] = {"stdout": [], "stderr": []}

    def read(name: str, stream: IO[bytes]) -> None:
        for raw in stream:
            line = raw.decode("utf-8", "replace")
            texts[name].append(line)
            if request.get("stream"):
                say({"id": number, "line": line.rstrip("\n")})

    def write_input() -> None:
        try:
            child.stdin.write(request.get("stdin", "").encode())
            child.stdin.close()
        except BrokenPipeError:
            pass

    threads = [
        threading.Thread(target=read, args=("stdout", child.stdout), daemon=True),
        threading.Thread(target=read, args=("stderr", child.stderr), daemon=True),
        threading.Thread(target=write_input, daemon=True),
    ]
    deadline = time.monotonic() + request.get("timeoutMs", 600000) / 1000
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in threads):
            end(child)
            raise TimedOut()
        code = child.wait()
    finally:
        RUNNING.pop(number, None)
    return {"stdout": "".join(texts["stdout"]), "stderr": "".join(texts["stderr"]), "exitCode": exit_code(code)}


def end_first(child: Child) -> None:
    """When memory runs out, the kernel ends what jhub runs here, and not the hub or somebody's server."""
    with contextlib.suppress(OSError), open(f"/proc/{child.pid}/oom_score_adj", "w") as score:
        score.write("500")


def exit_code(code: int) -> int:
    """As a shell says it: 137 of a program that the kernel ended."""
    return code if code >= 0 else 128 - code


def end(child: Child) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def cancel(request: Request, number: int) -> Any:
    child = RUNNING.get(request["target"])
    if child is not None:
        end(child)


# The last two: `/proc/PID/…` and control groups, whose process or group has gone since the file was opened.
ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ESRCH, errno.ENODEV)


def absent(action: Callable[[], Any]) -> Any:
    try:
        return action()
    except OSError as error:
        if error.errno in ABSENT:
            return None
        raise


def read(request: Request, number: int) -> Any:
    def text() -> str:
        with open(request["path"], encoding="utf-8", errors="replace") as file:
            return file.read()

    return absent(text)


def write(request: Request, number: int) -> Any:
    path = request["path"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    temporary = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{uuid.uuid4()}")
    mode = request.get("mode", 0o644)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(request["text"])
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.remove(temporary)
        raise


def append(request: Request, number: int) -> Any:
    with open(request["path"], "a", encoding="utf-8") as file:
        file.write(request["text"])


def read_bytes(request: Request, number: int) -> Any:
    with open(request["path"], "rb") as file:
        file.seek(request["offset"])
        return base64.b64encode(file.read(request["length"])).decode()


def append_bytes(request: Request, number: int) -> Any:
    os.makedirs(os.path.dirname(request["path"]), exist_ok=True)
    with open(request["path"], "ab") as file:
        file.write(base64.b64decode(request["bytes"]))


def make_directory(request: Request, number: int) -> Any:
    path, mode = request["path"], request.get("mode")
    missing = []
    while not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    for each in reversed(missing):
        os.mkdir(each)
        if mode is not None:
            os.chmod(each, mode)


def remove(request: Request, number: int) -> Any:
    path = request["path"]
    try:
        facts = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISDIR(facts.st_mode):
        remove_tree(path)
    else:
        os.remove(path)


def remove_tree(path: str) -> None:
    """A tree may be deeper than Python can go down: `rm` can, and follows no link either."""
    try:
        shutil.rmtree(path)
    except (RecursionError, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE):
            raise
        done = subprocess.run(["rm", "-rf", "--", path], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode(errors="replace")) from None


def list_names(request: Request, number: int) -> Any:
    return absent(lambda: sorted(os.listdir(request["path"])))


def facts_of(request: Request, number: int) -> Any:
    def read_facts() -> dict[str, Any]:
        facts = os.lstat(request["path"])
        kind = "file" if stat.S_ISREG(facts.st_mode) else "directory" if stat.S_ISDIR(facts.st_mode) else "other"
        return {
            "kind": kind,
            "sizeBytes": facts.st_size,
            "mode": stat.S_IMODE(facts.st_mode),
            "uid": facts.st_uid,
            "modifiedMs": facts.st_mtime_ns // 1000000,
        }

    return absent(read_facts)


def rename(request: Request, number: int) -> Any:
    os.rename(request["path"], request["to"])


def set_mode(request: Request, number: int) -> Any:
    os.chmod(request["path"], request["mode"])


def read_from(request: Request, number: int) -> Any:
    def part() -> dict[str, Any]:
        with open(request["path"], "rb") as file:
            size = file.seek(0, os.SEEK_END)
            offset = request["offset"]
            start = max(0, size + offset) if offset < 0 else min(offset, size)
            file.seek(start)
            data = file.read()
            return {"text": data.decode("utf-8", "replace"), "end": start + len(data)}

    return absent(part)


def free_bytes(request: Request, number: int) -> Any:
    path = request["path"]
    while not os.path.exists(path):
        path = os.path.dirname(path)
    facts = os.statvfs(path)
    return facts.f_bavail * facts.f_frsize


def unpack(request: Request, number: int) -> Any:
    """Unpacks a gzipped tar of ours beside its place and moves it there in one piece."""
    path = request["path"]
    partial = path + ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    os.makedirs(partial)
    with tarfile.open(fileobj=io.BytesIO(base64.b64decode(request["archive"]))) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(partial, filter="data")
        else:
            archive.extractall(partial)
    shutil.rmtree(path, ignore_errors=True)
    os.rename(partial, path)


def port_state(request: Request, number: int) -> Any:
    family = socket.AF_INET6 if ":" in request["address"] else socket.AF_INET
    if family == socket.AF_INET6 and not os.path.exists("/proc/net/if_inet6"):
        return {"state": "no such address"}
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((request["address"], request["port"]))
            probe.listen(1)
        except OSError as error:
            states = {"EADDRINUSE": "used", "EACCES": "not permitted", "EADDRNOTAVAIL": "no such address"}
            name = errno_name(error)
            if name not in states:
                raise
            state = {"state": states[name]}
            return dict(state, **listener(request["port"])) if name == "EADDRINUSE" else state
    return {"state": "free"}


def listener(port: int) -> dict[str, Any]:
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table) as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        inodes.update(f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1].split(":")[1], 16) == port)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            targets = {os.readlink(f"/proc/{pid}/fd/{each}") for each in os.listdir(f"/proc/{pid}/fd")}
            if targets & inodes:
                with open(f"/proc/{pid}/cmdline", errors="replace") as file:
                    return {"pid": int(pid), "command": file.read().replace("\0", " ").strip()}
        except OSError:
            continue
    return {}


# Of programs that may be started later: rlogin, syslog, LPD, AFP, RTSP, SMTP, IPP, LDAP, rsync, FTP, IMAP and POP by TLS.
WELL_KNOWN = {513, 514, 515, 548, 554, 587, 631, 636, 873, 989, 990, 993, 995}


def free_port(request: Request, number: int) -> Any:
    """One that the system chooses; with `below`, any one under that number, so that two hubs do not want the same one."""
    below = request.get("below")
    for port in [0] if below is None else random.sample(range(512, below), below - 512):
        if port in request.get("without", ()) or port in WELL_KNOWN:
            continue
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
    raise OSError(errno.EADDRINUSE, "no port is free")


def has_foreign_listener(request: Request, number: int) -> Any:
    """Whether an account other than root gets what is sent to this address (Linux): the most particular listener does."""
    uids: dict[bytes, str] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table) as file:
                rows = [line.split() for line in file][1:]
        except OSError:
            continue
        for row in rows:
            host, port = row[1].split(":")
            if row[3] == "0A" and int(port, 16) == request["port"]:
                uids[packed(host)] = row[7]
    places = [ipaddress.ip_address(each).packed for each in (request["address"], "0.0.0.0", "::")]
    return next((uids[place] != "0" for place in places if place in uids), False)


def packed(digits: str) -> bytes:
    """An address as /proc/net tells it: words of four bytes in the order of this machine."""
    raw = bytes.fromhex(digits)
    if sys.byteorder == "big":
        return raw
    return b"".join(raw[start : start + 4][::-1] for start in range(0, len(raw), 4))


def processes_of(request: Request, number: int) -> Any:
    """A hub's processes: in the control group of one of its units, or started from a program below its directories.

    Any account can say that of its own program (execve(2)); outside of the units, only this account is believed.
    """
    below = tuple(f"{directory}/" for directory in request["below"])
    units = re.compile(rf"/({re.escape(request['units'])}(?!slice(?:/|$))[^/]*)(?:/|$)")
    top = group_of("1").rsplit("/", 1)[0]
    here = os.readlink("/proc/self/ns/pid")
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            group = group_of(pid)
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                program = file.read().split(b"\0")[0].decode(errors="replace")
            # A container has paths and units of its own.
            is_here = os.readlink(f"/proc/{pid}/ns/pid") == here
            is_ours = owner_of(pid) == os.getuid()
        except OSError:
            continue
        unit = units.search(group[len(top) + len("/jhub.slice") :]) if group.startswith(f"{top}/jhub.slice/") else None
        started = start_time(int(pid))
        if started is not None and (unit is not None or (is_here and is_ours and program.startswith(below))):
            found.append({"pid": int(pid), "started": started, **({} if unit is None else {"unit": unit.group(1)})})
    return found


def owner_of(pid: str) -> int:
    """Who started a process, also one of root's rights such as `su`."""
    with open(f"/proc/{pid}/status", errors="replace") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Uid:"))


def group_of(pid: str) -> str:
    """The control group by which systemd knows a process, on both versions of control groups."""
    with open(f"/proc/{pid}/cgroup") as file:
        groups = dict(line.rstrip("\n").split(":", 2)[1:] for line in file)
    return groups.get("name=systemd", groups.get("", ""))


def start_time(pid: int) -> str | None:
    """When a process began, by the kernel's own clock; None for one that has ended."""
    try:
        with open(f"/proc/{pid}/stat", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def end_processes(request: Request, number: int) -> Any:
    """Asks them to end, and after 15 seconds ends them; gives the pids of those that still run five seconds later."""
    wanted = {each["pid"]: each["started"] for each in request["processes"]}
    left: list[int] = []
    for kind, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        deadline = time.monotonic() + seconds
        left = [pid for pid, started in wanted.items() if start_time(pid) == started]
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)
        while left and time.monotonic() < deadline:
            time.sleep(0.05)
            left = [pid for pid in left if start_time(pid) == wanted[pid]]
    return left


def look_up(request: Request, number: int) -> Any:
    try:
        found = socket.getaddrinfo(request["name"], None, type=socket.SOCK_STREAM)
    except socket.gaierror:
        return []
    return [address[0] for *_, address in found]


def facts(request: Request, number: int) -> Any:
    """What this machine is."""
    with open("/proc/meminfo") as file:
        total = int(next(line for line in file if line.startswith("MemTotal")).split()[1]) * 1024
    release = {}
    try:
        with open("/etc/os-release") as file:
            release = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    except OSError:
        pass
    return {
        "platform": sys.platform,
        "architecture": os.uname().machine,
        "uid": os.getuid(),
        "cores": len(os.sched_getaffinity(0)),
        "memoryBytes": total,
        "system": release.get("PRETTY_NAME", "").strip('"'),
        "hasSystemd": os.path.isdir("/run/systemd/system"),
        "environment": {name: value for name, value in os.environ.items() if NETWORK.search(name)},
    }


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, "")


VERBS = {
    "run": run,
    "cancel": cancel,
    "read": read,
    "write": write,
    "append": append,
    "readBytes": read_bytes,
    "appendBytes": append_bytes,
    "makeDirectory": make_directory,
    "remove": remove,
    "list": list_names,
    "stat": facts_of,
    "rename": rename,
    "setMode": set_mode,
    "readFrom": read_from,
    "freeBytes": free_bytes,
    "unpack": unpack,
    "portState": port_state,
    "freePort": free_port,
    "hasForeignListener": has_foreign_listener,
    "processesOf": processes_of,
    "endProcesses": end_processes,
    "lookUp": look_up,
    "facts": facts,
}


def answer(request: Request) -> None:
    number = request["id"]
    try:
        say({"id": number, "value": VERBS[request["do"]](request, number)})
    except TimedOut:
        say({"id": number, "error": {"code": "TIMEOUT", "message": "it did not end in time"}})
    except OSError as error:
        say({"id": number, "error": {"code": errno_name(error), "message": first_line(str(error))}})
    except Exception as error:
        say({"id": number, "error": {"code": "", "message": first_line(f"{type(error).__name__}: {error}")}})


def first_line(text: str) -> str:
    """The names in an error may be of any length."""
    return text.split("\n")[0][:300]


def main() -> None:
    for line in sys.stdin:
        threading.Thread(target=answer, args=(json.loads(line),), daemon=True).start()
    with STARTING:
        for child in list(RUNNING.values()):
            end(child)
        os._exit(0)


main()
