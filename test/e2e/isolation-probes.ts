import {createServer} from 'node:net'
import {expect, it} from 'vitest'
import type {Browser} from './browser.js'

type Person = 'ana' | 'ben'

/** A hub whose `ana` and `ben` run servers, and the machine that they run on. */
export interface ProbedHub {
  readonly name: string
  readonly as: (person: Person) => Promise<Browser>
  /** Runs a program on the machine as root, not through jhub. */
  readonly inside: (...argv: string[]) => Promise<string>
  readonly restartServer: (person: Person) => Promise<void>
  /** Ends when the hub answers again. */
  readonly restartHub: () => Promise<void>
  /** Sets `access.egress` and applies it; absent where another machine with the same rules is asked about them. */
  readonly setEgress?: (egress: string) => Promise<void>
  /** The machine is a container of jhub: the engine's networks are out of reach. */
  readonly isContainer: boolean
}

const metadata = '169.254.169.254'

/** What an ordinary person's kernel tries and must not succeed at. Each was seen to succeed before it was closed. */
export function isolationProbes(find: () => ProbedHub): void {
  const ask = async (person: Person, code: string) => {
    const said = await (await find().as(person)).runCode(person, code)
    return said
      .split('\n')
      .filter((line) => !line.startsWith('Bad pipe message'))
      .join('\n')
  }

  it('what a server writes outside its home is its own, within its limit, and goes with it', async () => {
    const {inside, restartServer} = find()
    const marker = `probe-${crypto.randomUUID()}`
    const written = JSON.parse(await ask('ana', writeEverywhere(marker))) as readonly Written[]
    expect(written.filter(({isTooLarge}) => isTooLarge)).toEqual([])
    const places = written.map(({place}) => place)
    expect(places).toEqual(expect.arrayContaining(['/dev/shm', '/tmp', '/var/tmp']))
    expect(await ask('ben', seen(marker, places))).toBe('[]')
    await restartServer('ana')
    expect(await inside('sh', '-c', `find / /dev /run /tmp /var/tmp -xdev -name ${marker}`)).toBe('')
    expect(await ask('ana', seen(marker, places))).toBe('[]')
  })

  it('what a server writes to memory is counted as its own', async () => {
    expect(await ask('ana', countedBytes)).toBe("{'/dev/shm': True, '/tmp': True}")
  })

  it('shared memory and queues are shared with nobody else', async () => {
    expect(await ask('ana', sharedMemory(0o1000))).toBe('True')
    expect(await ask('ben', sharedMemory(0))).toBe('False')
  })

  it('nothing tells of others: units, the bus, control groups, the journal, logins', async () => {
    expect(await ask('ana', lookAtOthers(find().name))).toBe('[]')
    // The limit of one's own can still be read.
    const own = 'import glob; print(len(glob.glob("/sys/fs/cgroup/**/*.ana.server.service", recursive=True)) > 0)'
    expect(await ask('ana', own)).toBe('True')
  })

  it('sockets are of kinds that rules by account can hold', async () => {
    expect(await ask('ana', families)).toBe("{'AF_INET': True, 'AF_UNIX': True, 'AF_VSOCK': False, 'AF_ALG': False}")
  })

  it('cloud metadata is out of reach, after a start of the hub too', async () => {
    const {inside, restartHub} = find()
    await inside('ip', 'address', 'replace', `${metadata}/32`, 'dev', 'lo')
    await inside('systemd-run', '--unit=metadata-stand-in', 'python3', '-m', 'http.server', '--bind', metadata, '80')
    try {
      for (let tries = 0; tries < 100 && (await inside('python3', '-c', reach(metadata, 80))) !== 'True'; tries++)
        await new Promise((resolve) => setTimeout(resolve, 100))
      expect(await ask('ana', reach(metadata, 80))).toBe('False')
      await restartHub()
      expect(await inside('python3', '-c', reach(metadata, 80))).toBe('True')
      expect(await ask('ana', reach(metadata, 80))).toBe('False')
    } finally {
      await inside('systemctl', 'stop', 'metadata-stand-in')
      await inside('ip', 'address', 'delete', `${metadata}/32`, 'dev', 'lo')
    }
  })

  it('access.egress says what else servers reach, at once', async ({skip}) => {
    const {inside, setEgress, isContainer} = find()
    if (setEgress === undefined) return skip()
    const gateway = (await inside('ip', 'route', 'show', 'default')).split(' ')[2] ?? ''
    const {port, close} = await listenAt(gateway)
    try {
      expect(await inside('python3', '-c', reach(gateway, port))).toBe('True')
      const tried = [
        // Of the engine's own networks, a container's people reach only what is named.
        ['all', isContainer ? 'False' : 'True'],
        ['none', 'False'],
        [`[${gateway}/32]`, 'True'],
        ['[192.0.2.0/24]', 'False'],
      ] as const
      for (const [egress, expected] of tried) {
        await setEgress(egress)
        expect([egress, await ask('ana', reach(gateway, port))]).toEqual([egress, expected])
      }
    } finally {
      await setEgress('all')
      close()
    }
  })
}

interface Written {
  readonly place: string
  /** It is memory, and there is room in it for more than the server's limit. */
  readonly isTooLarge: boolean
}

/** Leaves a file in every directory that can be written outside the home, and says how much room there is. */
const writeEverywhere = (marker: string) => `
import json, os, pathlib, stat
home = pathlib.Path.home()
mounts = [line.split() for line in open("/proc/self/mounts")]
kinds = {words[1]: words[2] for words in mounts}
limit = 1024 ** 3
found = []
for top in kinds:
    if top.startswith(("/proc", "/sys")) or pathlib.Path(top) == home:
        continue
    for place, _, _ in os.walk(top):
        path = pathlib.Path(place)
        if home in [path, *path.parents] or (place in kinds and place != top) or place.startswith(("/proc", "/sys")):
            continue
        try:
            (path / "${marker}").write_text("mine")
        except OSError:
            continue
        space = os.statvfs(place)
        found.append({"place": place, "isTooLarge": kinds[top] == "tmpfs" and space.f_blocks * space.f_frsize > limit})
unique = {each["place"]: each for each in found}
print(json.dumps([each for each in unique.values() if not each["place"].startswith("/tmp/jupyter")]))`

const seen = (marker: string, places: readonly string[]) => `
import os
print([place for place in ${JSON.stringify(places)} if os.path.exists(os.path.join(place, "${marker}"))])`

/** Writes 40 MB to each place; does the server's own control group count them? */
const countedBytes = `
import os
groups = dict((line.split(":", 2)[1], line.strip().split(":", 2)[2]) for line in open("/proc/self/cgroup"))
one = f"/sys/fs/cgroup/memory{groups.get('memory', '')}/memory.usage_in_bytes"
two = f"/sys/fs/cgroup{groups.get('', '')}/memory.current"
usage = lambda: int(open(one if os.path.exists(one) else two).read())
counted = {}
for place in ("/dev/shm", "/tmp"):
    before = usage()
    with open(f"{place}/probe-count", "wb") as file:
        for _ in range(40):
            file.write(bytes(1024 ** 2))
    counted[place] = usage() - before > 35 * 1024 ** 2
    os.unlink(f"{place}/probe-count")
print(counted)`

const sharedMemory = (flag: number) => `
import ctypes
print(ctypes.CDLL(None).shmget(0x6a687562, 4096, ${String(flag)} | 0o666) != -1)`

/** Asks everybody who may know who else is here. */
const lookAtOthers = (hub: string) => `
import glob, os, subprocess
def say(*words):
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=20)
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

const families = `
import socket
def can(family):
    try:
        socket.socket(getattr(socket, family), socket.SOCK_SEQPACKET if family == "AF_ALG" else socket.SOCK_STREAM).close()
        return True
    except OSError:
        return False
print({family: can(family) for family in ("AF_INET", "AF_UNIX", "AF_VSOCK", "AF_ALG")})`

const reach = (address: string, port: number) => `
import socket
try:
    socket.create_connection(("${address}", ${String(port)}), timeout=3).close()
    print(True)
except OSError:
    print(False)`

/** Stands in for something that listens on the computer of the Docker engine. */
async function listenAt(address: string): Promise<{readonly port: number; readonly close: () => void}> {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve)
  })
  const where = server.address()
  return {port: typeof where === 'object' && where !== null ? where.port : 0, close: () => server.close()}
}
