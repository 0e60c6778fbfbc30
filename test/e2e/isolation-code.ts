/** Python that a person runs, to look and reach where nothing may be seen and nobody answers. */

/** Leaves a file in every directory that can be written outside the home, and says how much room there is. */
export const writeEverywhere = (marker: string) => `
import json, os, pathlib, stat
home = pathlib.Path.home()
# Here everybody writes for everybody.
shared = (home / "shared").resolve()
mounts = [line.split() for line in open("/proc/self/mounts")]
kinds = {words[1]: words[2] for words in mounts}
limit = 1024 ** 3
found = []
for top in kinds:
    if top.startswith(("/proc", "/sys")) or pathlib.Path(top) == home:
        continue
    for place, _, _ in os.walk(top):
        path = pathlib.Path(place)
        if {home, shared} & {path, *path.parents} or (place in kinds and place != top) or place.startswith(("/proc", "/sys")):
            continue
        try:
            (path / "${marker}").write_text("mine")
        except OSError:
            continue
        space = os.statvfs(place)
        found.append({"place": place, "isTooLarge": kinds[top] == "tmpfs" and space.f_blocks * space.f_frsize > limit})
unique = {each["place"]: each for each in found}
print(json.dumps([each for each in unique.values() if not each["place"].startswith("/tmp/jupyter")]))`

export const seen = (marker: string, places: readonly string[]) => `
import os
print([place for place in ${JSON.stringify(places)} if os.path.exists(os.path.join(place, "${marker}"))])`

/** Takes 40 MB in each way that is no program's own memory; does the server's own control group count them? */
export const countedBytes = `
import ctypes, os, socket
groups = dict((line.split(":", 2)[1], line.strip().split(":", 2)[2]) for line in open("/proc/self/cgroup"))
one = [f"/sys/fs/cgroup/memory{groups.get('memory', '')}/memory.{each}usage_in_bytes" for each in ("", "kmem.tcp.")]
two = [f"/sys/fs/cgroup{groups.get('', '')}/memory.current"]
usage = lambda: sum(int(open(file).read()) for file in (one if os.path.exists(one[0]) else two))
def write(descriptor):
    for _ in range(40):
        os.write(descriptor, bytes(1024 ** 2))
def to_file(place):
    descriptor = os.open(f"{place}/probe-count", os.O_WRONLY | os.O_CREAT)
    write(descriptor)
    os.unlink(f"{place}/probe-count")
    return lambda: os.close(descriptor)
def to_memory():
    descriptor = os.memfd_create("probe")
    write(descriptor)
    return lambda: os.close(descriptor)
def to_segment():
    libc.shmat.restype = ctypes.c_void_p
    segment = libc.shmget(0, 40 * 1024 ** 2, 0o1600)
    ctypes.memset(libc.shmat(segment, None, 0), 1, 40 * 1024 ** 2)
    return lambda: libc.shmctl(segment, 0, None)
def to_connections():
    listener, held = socket.create_server(("127.0.0.1", 0)), []
    sent = 0
    while sent < 40 * 1024 ** 2:
        sender = socket.create_connection(listener.getsockname())
        sender.setblocking(False)
        held += [sender, listener.accept()[0]]
        try:
            while sent < 40 * 1024 ** 2:
                sent += sender.send(bytes(65536))
        except BlockingIOError:
            pass
    return lambda: [each.close() for each in held]
libc = ctypes.CDLL(None)
counted = {}
for way, take in {"/dev/shm": lambda: to_file("/dev/shm"), "/tmp": lambda: to_file("/tmp"), "memfd": to_memory, "segment": to_segment, "connections": to_connections}.items():
    before = usage()
    give_back = take()
    counted[way] = usage() - before > 35 * 1024 ** 2
    give_back()
print(counted)`

export const sharedMemory = (flag: number) => `
import ctypes
print(ctypes.CDLL(None).shmget(0x6a687562, 4096, ${String(flag)} | 0o666) != -1)`

/** Asks everybody who may know who else is here. */
export const lookAtOthers = (hub: string) => `
import glob, os, subprocess
def say(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
        return done.stdout + done.stderr
    except OSError as error:
        return str(error)
def read(path):
    try:
        return open(path, errors="replace").read()
    except OSError as error:
        return type(error).__name__
unit = "jhub-${hub}.ben.server"
asked = {
    "status": say("systemctl", "status", "--no-pager", unit),
    "units": say("systemctl", "list-units", "--all", "--no-pager", "jhub-*"),
    "bus": say("busctl", "--no-pager", "tree", "org.freedesktop.systemd1").replace("_2e", ".").replace("_2d", "-"),
    "logins": say("loginctl", "--no-pager") + say("who"),
    "journal": say("journalctl", "--no-pager", "-n", "200"),
    "transient": read(f"/run/systemd/transient/{unit}.service"),
    "run": " ".join(name for _, folders, files in os.walk("/run") for name in [*folders, *files]),
    "groups": " ".join(glob.glob("/sys/fs/cgroup/**/*.server.service", recursive=True)),
    "processes": say("ps", "-ef"),
    "kernel": say("dmesg"),
}
print([name for name, text in asked.items() if ".ben.server" in text or "contents of ben" in text or "jhub-${hub}.hub" in text])`

/** Which kinds of sockets can be made, by the system call or by io_uring, which makes them without it. */
export const families = `
import ctypes, mmap, os, socket, struct
libc = ctypes.CDLL(None, use_errno=True)
def by_io_uring(family):
    parameters = ctypes.create_string_buffer(120)
    ring = libc.syscall(425, 4, parameters)
    if ring < 0:
        return False
    entries, _ = struct.unpack_from("II", parameters.raw)
    submit = struct.unpack_from("IIIIIII", parameters.raw, 40)
    complete = struct.unpack_from("IIIIII", parameters.raw, 80)
    rings = mmap.mmap(ring, max(submit[6] + 4 * entries, complete[5] + 32 * entries), offset=0)
    mmap.mmap(ring, 64 * entries, offset=0x10000000)[:64] = struct.pack("=BBHiQQIIQ", 45, 0, 0, family, 1, 0, 0, 0, 7).ljust(64, b"\\0")
    struct.pack_into("I", rings, submit[6], 0)
    struct.pack_into("I", rings, submit[1], 1)
    libc.syscall(426, ring, 1, 1, 1, None, 0)
    _, result = struct.unpack_from("=Qi", rings, complete[5])
    os.close(ring)
    return result >= 0
def can(family):
    number = getattr(socket, family)
    try:
        socket.socket(number, socket.SOCK_SEQPACKET if family == "AF_ALG" else socket.SOCK_STREAM).close()
        return True
    except OSError:
        return by_io_uring(number)
print({family: can(family) for family in ("AF_INET", "AF_UNIX", "AF_VSOCK", "AF_ALG")})`

/** Whether anybody answers there: TCP's own sockets, and those of Multipath TCP (262), which the kernel makes in a person's name. */
export const reach = (address: string, port: number) => `
import socket
def answers(protocol):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as asking:
            asking.settimeout(3)
            asking.connect(("${address}", ${String(port)}))
        return True
    except OSError:
        return False
print(any(map(answers, (0, 262))))`

/** To which of these addresses a datagram can be sent. */
export const sendTo = (addresses: readonly string[]) => `
import socket
sent = []
for address in ${JSON.stringify(addresses)}:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        try:
            sender.sendto(b"who is there?", (address, 5353))
            sent.append(address)
        except OSError:
            pass
print(sent)`

/** Whether anything listens on a Unix socket there. */
export const connectTo = (place: string) => `
import socket
try:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect("${place}")
    print(True)
except OSError:
    print(False)`

/** Listens at every address of the machine for as long as this server runs, and says at which port. */
export const listenEverywhere = `
import socket, subprocess, sys
listener = socket.create_server(("0.0.0.0", 0))
code = "import socket, sys\\ns = socket.socket(fileno=int(sys.argv[1]))\\nwhile True: s.accept()"
subprocess.Popen([sys.executable, "-c", code, str(listener.fileno())], pass_fds=[listener.fileno()], start_new_session=True)
print(listener.getsockname()[1])`
