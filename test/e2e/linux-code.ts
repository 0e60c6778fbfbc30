/** Python that a person runs, to use up what Linux has for all accounts, and to look into what runs beside a server. */

const addKey = `
import ctypes, errno, os, threading
libc = ctypes.CDLL(None, use_errno=True)
syscall = lambda *words: libc.syscall(*[word if isinstance(word, bytes) else ctypes.c_long(word) for word in words])
ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]
PROCESS_KEYRING, SESSION_KEYRING, SEARCH = -2, -3, 10
def require(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")
    return result
def add_key(name, keyring=PROCESS_KEYRING):
    return require(syscall(ADD_KEY, b"user", name, b"of a person", 11, keyring))`

/**
 * Uses up, in a program that stays, what each account may have so many of; prints its number, whether the most descriptors
 * are those of a limit that cannot be raised, and how many threads, of 5,000, could be begun.
 */
export const useUp = `
import json, subprocess, sys
program = '''
import json, resource, time
${addKey.trim().replaceAll('\\', '\\\\')}
def count(action, most):
    for number in range(most):
        try:
            action(number)
        except (OSError, RuntimeError):
            return number
    return most
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard + 1))
    is_held = False
except (OSError, ValueError):
    held = []
    is_held = 0 < count(lambda _: held.append(os.dup(0)), hard + 1) < hard
    os.closerange(held[0], held[-1] + 1)
count(lambda _: require(libc.inotify_init1(0)), 20_000)
count(lambda number: add_key(f"jhub-{number}".encode()), 20_000)
begun = count(lambda _: threading.Thread(target=time.sleep, args=(600,), daemon=True).start(), 5_000)
print(json.dumps({"pid": os.getpid(), "descriptorsAreHeld": is_held, "threads": begun}), flush=True)
time.sleep(600)
'''
started = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, start_new_session=True)
print(started.stdout.readline())`

/** What somebody has none left of: prints `[]` when there is still enough. Others of the computer may hold some for a moment. */
export const haveSome = `
import socket, tempfile, time
${addKey.trim()}
def lacks(action):
    for _ in range(20):
        try:
            action()
            return False
        except (OSError, RuntimeError) as error:
            # Where keys are for nobody, there are none to run out of.
            if getattr(error, "errno", None) == errno.EPERM:
                return False
        time.sleep(0.5)
    return True
def watch():
    descriptor = require(libc.inotify_init1(0))
    try:
        require(libc.inotify_add_watch(descriptor, b".", 2))
    finally:
        os.close(descriptor)
def begin():
    thread = threading.Thread(target=time.sleep, args=(0,))
    thread.start()
    thread.join()
wanted = {"watches": watch, "keys": lambda: add_key(b"one"), "threads": begin, "files": lambda: tempfile.TemporaryFile().close()}
print([name for name, action in wanted.items() if lacks(action)])`

/** Leaves a key where all programs of the server find it; prints whether they do. Where keys are for nobody, none is left. */
export const leaveKey = (name: string) => `
${addKey.trim()}
try:
    add_key(b"${name}", SESSION_KEYRING)
    print(syscall(KEYCTL, SEARCH, SESSION_KEYRING, b"user", b"${name}", 0) > 0)
except OSError as error:
    print(error.errno == errno.EPERM)`

export const findKey = (name: string) => `
${addKey.trim()}
print(syscall(KEYCTL, SEARCH, SESSION_KEYRING, b"user", b"${name}", 0) > 0)`

/** How a program can be looked into: one of the person's own, and those of the given numbers. */
export const lookInto = (pids: readonly number[]) => `
import ctypes, errno, json, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
SEIZE, GETFD = 0x4206, 438
class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
def reads(pid):
    byte = ctypes.create_string_buffer(1)
    own, other = Part(ctypes.addressof(byte), 1), Part(1, 1)
    # Nothing is at that address: whoever may read is told so.
    return libc.process_vm_readv(pid, ctypes.byref(own), 1, ctypes.byref(other), 1, 0) >= 0 or ctypes.get_errno() == errno.EFAULT
def takes(pid):
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        return libc.syscall(GETFD, descriptor, 0, 0) >= 0
    finally:
        os.close(descriptor)
def opens(pid):
    try:
        open(f"/proc/{pid}/mem", "rb").close()
        return True
    except OSError:
        return False
def ways(pid):
    tried = {"memory": reads(pid), "descriptors": takes(pid), "file": opens(pid)}
    # The last: it stays.
    return [*(name for name, succeeds in tried.items() if succeeds), *(["trace"] if libc.ptrace(SEIZE, pid, None, None) == 0 else [])]
with subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL) as child:
    print(json.dumps({"own": ways(child.pid), "others": [way for pid in ${JSON.stringify(pids)} for way in ways(pid)]}))
    child.kill()`

/** Crashes a program that asks for as large a copy of its memory as it may have; prints where one was left. */
export const crash = `
import glob, os, subprocess, sys
program = "import os, resource as r; most = r.getrlimit(r.RLIMIT_CORE)[1]; r.setrlimit(r.RLIMIT_CORE, (most, most)); os.abort()"
ended = subprocess.run([sys.executable, "-c", program], stderr=subprocess.DEVNULL)
left = [file for place in (".", "/tmp", "/var/tmp") for file in glob.glob(f"{place}/core*")]
for file in left:
    os.unlink(file)
print(ended.returncode, left)`

/** Ways to have a program run later, when no server of the person's runs; prints those that are open. */
export const runLater = `
import subprocess
ways = {
    "at": ("at now + 1 hour", "true"),
    "crontab": ("crontab -", "0 0 1 1 * true\\n"),
    "user manager": ("systemctl --user list-units", ""),
    "timer of a user": ("systemd-run --user --on-active=1h true", ""),
    "timer": ("systemd-run --no-ask-password --on-active=1h true", ""),
    "lingering": ("loginctl --no-ask-password enable-linger", ""),
}
def succeeds(words, said):
    try:
        return subprocess.run(words.split(), input=said, capture_output=True, text=True, timeout=60).returncode == 0
    except OSError:
        return False
open_ways = [name for name, tried in ways.items() if succeeds(*tried)]
for undo in [{"at": "atrm $(atq | cut -f 1)", "crontab": "crontab -r"}.get(name, "true") for name in open_ways]:
    subprocess.run(["sh", "-c", undo])
print(open_ways)`
