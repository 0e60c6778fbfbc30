import {
  connectTo,
  families,
  listenEverywhere,
  lookAtOthers,
  reach,
  sendTo,
  sharedMemory,
} from '../e2e/isolation-code.js'
import {crash, runLater} from '../e2e/linux-code.js'

/** What an ordinary person tries, and the protection that is taken away to see the same attempt succeed. */
export interface SafetyCase {
  /** What the person would have: `others' units and command lines`. */
  readonly name: string
  /** What holds it. */
  readonly protection: string
  /** Done on the machine as root before the attempts, and undone after them. */
  readonly stage?: {readonly set: string; readonly clear: string}
  /** Python that ana runs. */
  readonly code: string
  /** A container's own bounds hold it too, so that nothing can be seen there. */
  readonly isHeldByContainer?: true
  /** What it prints when it did not succeed. */
  readonly held: string
  /** Asked by root of the machine after the code, with what that printed, in place of it: prints `True` when the attempt succeeded. */
  readonly judge?: (printed: string) => string
  /** Takes the protection away: lines of sh on the machine. Absent: the code is run by ana's account outside of its unit. */
  readonly without?: {readonly away: string; readonly back: string; readonly outside?: boolean}
}

const metadata = '169.254.169.254'

/** Where systemd-networkd asks for an address on every link, it would take away that of ours. */
const unmanagedFile = '/run/systemd/network/00-jhub-safety.network'
const unmanaged = `mkdir -p /run/systemd/network; printf '[Match]\\nName=jhub-safe0\\n[Link]\\nUnmanaged=yes\\n' > ${unmanagedFile}; networkctl reload 2>/dev/null || true`

/** For a hub whose ana and ben run servers, on a machine with systemd. `DATA` is set in every line of sh. */
export function safetyCases(hub: string, {isContainer}: {readonly isContainer: boolean}): readonly SafetyCase[] {
  const unit = `jhub-${hub}.ana.server.service`
  const all = [...ofTheUnit(hub), ...ofFiles, ...ofTheNetwork(hub), forks(unit), memory(unit)]
  return all.filter(({isHeldByContainer}) => !isContainer || isHeldByContainer !== true)
}

const ofTheUnit = (hub: string): readonly SafetyCase[] => [
  {
    name: "others' units, command lines, logins and groups",
    protection: 'an empty /run, ProtectProc, an empty tree of control groups',
    code: lookAtOthers(hub),
    held: '[]',
  },
  {
    name: "others' processes",
    protection: 'ProtectProc',
    code: `
import os
print(any(os.stat(f"/proc/{pid}").st_uid != os.getuid() for pid in os.listdir("/proc") if pid.isdigit()))`,
    held: 'False',
  },
  {
    name: "others' temporary files",
    protection: 'a /tmp, /var/tmp and /dev/shm of its own',
    stage: {
      set: 'for place in /tmp /var/tmp /dev/shm; do touch $place/jhub-safety; done',
      clear: 'rm -f /tmp/jhub-safety /var/tmp/jhub-safety /dev/shm/jhub-safety',
    },
    code: `
import os
print([place for place in ("/tmp", "/var/tmp", "/dev/shm") if os.path.exists(f"{place}/jhub-safety")])`,
    held: '[]',
  },
  {
    name: "others' shared memory",
    protection: 'PrivateIPC',
    stage: {
      set: `python3 -c '${sharedMemory(0o1000)}'`,
      clear: 'ipcrm -M 0x6a687562',
    },
    code: sharedMemory(0),
    held: 'False',
  },
  {
    name: 'memory outside of the limit',
    isHeldByContainer: true,
    protection: 'memory file systems that are the own ones, of half the limit',
    code: `
import os
def room(place):
    space = os.statvfs(place)
    return space.f_blocks * space.f_frsize
kinds = {words[1]: words[2] for words in map(str.split, open("/proc/self/mounts"))}
print([place for place, kind in kinds.items() if kind == "tmpfs" and os.access(place, os.W_OK) and room(place) > 1024**3])`,
    held: '[]',
  },
  {
    name: 'sockets past the rules of the network',
    isHeldByContainer: true,
    protection: 'RestrictAddressFamilies',
    code: families,
    held: "{'AF_INET': True, 'AF_UNIX': True, 'AF_VSOCK': False, 'AF_ALG': False}",
  },
  {
    name: "names, past the rules of the network, from systemd's resolver",
    isHeldByContainer: true,
    protection: "a /run in which a resolver's sockets are not",
    code: connectTo('/run/systemd/resolve/io.systemd.Resolve'),
    held: 'False',
  },
  {
    name: 'copies of memory on the disk, of programs that crash',
    protection: 'LimitCORE',
    code: crash,
    held: '-6 []',
  },
  {
    name: 'programs that run later than the server',
    isHeldByContainer: true,
    protection: 'an empty /run, NoNewPrivileges',
    code: runLater,
    held: '[]',
  },
  {
    name: 'rights by a setuid program',
    protection: 'NoNewPrivileges',
    stage: {set: 'install -m 4755 /usr/bin/id /usr/local/bin/jhub-safety', clear: 'rm -f /usr/local/bin/jhub-safety'},
    code: `
import subprocess
print("euid=0" in subprocess.run(["/usr/local/bin/jhub-safety"], capture_output=True, text=True).stdout)`,
    held: 'False',
  },
]

const read = (place: string) => `
try:
    print(len(open("${place}").read()) > 0)
except OSError:
    print(False)`

const ofFiles: readonly SafetyCase[] = [
  {
    name: "a neighbour's files",
    protection: 'a home of 0700',
    stage: {
      set: 'echo mine > $DATA/homes/ben/safety; chmod 644 $DATA/homes/ben/safety',
      clear: 'rm $DATA/homes/ben/safety',
    },
    code: `
import os
${read('../ben/safety').trim()}`,
    held: 'False',
    without: {away: 'chmod 755 $DATA/homes/ben', back: 'chmod 700 $DATA/homes/ben'},
  },
  {
    name: 'a lock that root waits for',
    protection: '.accounts, which only root opens',
    code: `
import fcntl
try:
    fcntl.flock(open("../../../.accounts"), fcntl.LOCK_EX | fcntl.LOCK_NB)
    print(True)
except OSError:
    print(False)`,
    held: 'False',
    without: {away: 'chmod 644 $DATA/../.accounts', back: 'chmod 600 $DATA/../.accounts'},
  },
]

const ofTheNetwork = (hub: string): readonly SafetyCase[] => {
  const [table, file] = [`table inet jhub-${hub}`, '/run/jhub-safety.nft']
  // Not by a start of the hub, which takes minutes where a machine is emulated.
  const without = {away: `nft list ${table} > ${file}; nft delete ${table}`, back: `nft -f ${file}; rm ${file}`}
  return [
    {
      name: 'cloud metadata',
      protection: 'rules of the kernel by account',
      stage: {
        set: `ip address replace ${metadata}/32 dev lo; systemd-run --quiet --collect --unit=metadata-stand-in python3 -m http.server --bind ${metadata} 80; sleep 10`,
        clear: `systemctl stop metadata-stand-in; ip address delete ${metadata}/32 dev lo`,
      },
      code: reach(metadata, 80),
      held: 'False',
      without,
    },
    {
      name: 'programs beside the machine, by an address that many have',
      protection: 'rules of the kernel by account',
      code: sendTo(['255.255.255.255', '224.0.0.251']),
      held: '[]',
      without,
    },
    {
      name: "a page of one's own at a port of the hub's address, with the cookies of whoever opens it",
      protection: 'rules of the kernel by account',
      stage: {
        set: `${unmanaged}; ip netns add jhub-safety; ip link add jhub-safe0 type veth peer name jhub-safe1 netns jhub-safety; ip address add 192.0.2.1/30 dev jhub-safe0; ip link set jhub-safe0 up; nsenter --net=/run/netns/jhub-safety sh -c "ip address add 192.0.2.2/30 dev jhub-safe1; ip link set jhub-safe1 up"`,
        clear: `ip link delete jhub-safe0; ip netns delete jhub-safety; rm ${unmanagedFile}`,
      },
      code: listenEverywhere,
      judge: (port) => `nsenter --net=/run/netns/jhub-safety python3 -c '${reach('192.0.2.1', Number(port))}'`,
      held: 'False',
      without,
    },
  ]
}

const forks = (unit: string): SafetyCase => ({
  name: 'more processes than the limit',
  protection: 'TasksMax of the unit',
  code: `
import threading
ended, begun = threading.Event(), 0
try:
    while begun < 1200:
        threading.Thread(target=ended.wait, daemon=True).start()
        begun += 1
except RuntimeError:
    pass
ended.set()
print(begun == 1200)`,
  held: 'False',
  without: {
    away: `systemctl set-property --runtime ${unit} TasksMax=infinity`,
    back: `systemctl set-property --runtime ${unit} TasksMax=1024`,
  },
})

const memory = (unit: string): SafetyCase => ({
  name: 'more memory than the limit',
  protection: 'MemoryMax of the unit',
  code: 'print(len(bytearray(1200 * 1024**2)) > 0)',
  held: 'the kernel died',
  without: {
    away: `systemctl set-property --runtime ${unit} MemoryMax=infinity`,
    back: `systemctl set-property --runtime ${unit} MemoryMax=1G`,
  },
})
