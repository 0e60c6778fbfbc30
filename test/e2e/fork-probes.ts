import {expect, it} from 'vitest'
import type {Browser} from './browser.js'
import {untilForksReady} from './image-fork-probes.js'
import type {RealJhub} from './real-jhub.js'
import {isForked, serverFacts, showServer, type Inside} from './server-facts.js'

/** A hub whose `ana` and `ben` run servers. */
export interface ForkingHub {
  readonly jhub: () => RealJhub
  readonly as: (person: 'ana' | 'ben') => Promise<Browser>
  readonly inside: Inside
  readonly waitForHub: () => Promise<void>
  readonly editSpec: (edit: (source: string) => string) => Promise<void>
}

interface Status {
  readonly forks: {readonly isWanted: boolean; readonly service: string; readonly forked: number}
}

/** Servers that are forks: what they have, and what becomes of them and of starts when the service that forks ends. */
export function forkProbes({jhub, as, inside, waitForHub, editSpec}: ForkingHub): void {
  const services = () => `jhub-${jhub().name}.*.prefork.service`
  const show = (person: string, property: string) => showServer(inside, jhub().name, person, property)
  const isFork = (person: string) => isForked(inside, jhub().name, person)
  const restart = async (person: string) => {
    await jhub().json('server', 'stop', person)
    await jhub().json('server', 'start', person)
  }
  const look = (person: string) => serverFacts(inside, jhub().name, person)
  const forks = async () => (await jhub().json<Status>('status')).forks
  const untilReady = () => untilForksReady(jhub())

  it('a forked server is what an ordinary one is, in every field that the kernel tells', async () => {
    await untilReady()
    // Both with the same limits, which are seen in the sizes of /tmp and in the environment.
    await jhub().run('limits', 'unset', '--user', 'ana')
    await restart('ana')
    expect(await isFork('ana')).toBe(true)
    expect(await inside('systemctl', 'is-active', `jhub-${jhub().name}.ana.server`)).toBe('active')
    const pid = await show('ana', 'MainPID')
    await inside('systemctl', 'stop', services())
    await restart('ben')
    expect([await isFork('ana'), await isFork('ben')]).toEqual([true, false])
    // The service ended: the servers that it made run on.
    expect(await show('ana', 'MainPID')).toBe(pid)
    const [forked, ordinary] = [await look('ana'), await look('ben')]
    expect(forked).toEqual(ordinary)
    const kernel = async (person: 'ana' | 'ben') =>
      JSON.parse(await (await as(person)).runCode(person, lookAtKernel)) as KernelFacts
    const [forkedKernel, ordinaryKernel] = [await kernel('ana'), await kernel('ben')]
    expect(forkedKernel).toMatchObject({isFork: true, unlikeItsServer: []})
    expect(ordinaryKernel).toMatchObject({isFork: false, unlikeItsServer: []})
    expect(forkedKernel.status).toEqual(ordinaryKernel.status)
  })

  it('a service that is killed comes back by itself, with the hub too, and new servers are forked again', async () => {
    await inside('systemctl', 'restart', `jhub-${jhub().name}.hub`)
    await waitForHub()
    await untilReady()
    await inside('systemctl', 'kill', '--signal=KILL', services())
    await untilReady()
    await restart('ben')
    expect(await isFork('ben')).toBe(true)
    expect((await forks()).forked).toBeGreaterThan(1)
    expect(await (await as('ben')).runCode('ben', '2 * 4')).toBe('8')
  })

  it('nobody but root speaks to the service, and what does not come from a unit of a server gets nothing', async () => {
    const byHand = JSON.parse(await (await as('ana')).runCode('ana', connectByHand)) as readonly string[]
    expect(byHand.length).toBeGreaterThan(0)
    expect(new Set(byHand)).toEqual(new Set(['PermissionError']))
    const place = await inside('find', '/opt/jhub', '-name', '*.fork', '-type', 's')
    const before = await show('ana', 'MainPID')
    for (const words of ['fork\\n', 'fork', 'fork\\nyes\\n', '{"pid": 1}\\n', ''])
      expect(await inside('python3', '-c', ask, place.split('\n')[0] ?? '', words)).toBe("b''")
    expect(await show('ana', 'MainPID')).toBe(before)
    expect((await forks()).service).toBe('ready')
  })

  it('a server that ends at once is told with its last words, and its unit is no fork that lives on', async () => {
    const broken = 'open(__import__("os").path.expanduser("~/.jupyter/jupyter_server_config.py"), "w").write'
    const ben = await as('ben')
    await ben.runCode('ben', `import os; os.makedirs(os.path.expanduser("~/.jupyter"), exist_ok=True)`)
    await ben.runCode('ben', `${broken}("import os, sys; print('this home is broken', flush=True); os._exit(3)")`)
    await jhub().json('server', 'stop', 'ben')
    const said = await jhub().run('server', 'start', 'ben')
    expect(said.exitCode).not.toBe(0)
    expect(said.stderr).toContain('this home is broken')
    const home = await inside('sh', '-c', `getent passwd ${jhub().name}-ben | cut -d: -f6`)
    await inside('rm', `${home}/.jupyter/jupyter_server_config.py`)
    await jhub().json('server', 'start', 'ben')
    expect(await isFork('ben')).toBe(true)
  })

  it('the spec turns it off and on', async () => {
    await editSpec((source) => source.replace(/vm: \{([^}]*)\}/, 'vm: {$1, prefork: false}'))
    await jhub().json('up')
    expect(await forks()).toMatchObject({isWanted: false, service: 'absent'})
    await restart('ben')
    expect(await isFork('ben')).toBe(false)
    await editSpec((source) => source.replace(', prefork: false', ''))
    await jhub().json('up')
    await untilReady()
    await restart('ben')
    expect(await isFork('ben')).toBe(true)
  })
}

interface KernelFacts {
  readonly isFork: boolean
  /** Of what the kernel of Linux tells, that in which a notebook's kernel is another than the server whose child it is. */
  readonly unlikeItsServer: readonly string[]
  /** All of `/proc/PID/status` but sizes, counts and numbers of processes, without the number of its account. */
  readonly status: Readonly<Record<string, string>>
}

const lookAtKernel = `
import json, os, re, sys
def facts(pid):
    status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    held = "Umask Uid Gid Groups CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp Seccomp_filters".split()
    files = "cgroup limits oom_score_adj mountinfo".split()
    return {
        **{name: status[name] for name in held},
        **{name: open(f"/proc/{pid}/{name}").read() for name in files},
        **{f"ns/{name}": os.readlink(f"/proc/{pid}/ns/{name}") for name in os.listdir("/proc/self/ns")},
        **{name: os.readlink(f"/proc/{pid}/{name}") for name in ("root", "exe")},
    }
own, server = facts("self"), facts(os.getppid())
unlike = [name for name in own if own[name] != server[name]]
counted = re.compile("Vm|Rss|Threads|FDSize|HugetlbPages|SigQ|Pid|PPid|Tgid|NS.*id|.*ctxt_switches")
told = dict(line.split(":", 1) for line in open("/proc/self/status"))
status = {name: value.strip().replace(str(os.getuid()), "UID") for name, value in told.items() if not counted.match(name)}
print(json.dumps({"isFork": "jhub_kernels" in sys.modules, "unlikeItsServer": unlike, "status": status}))`

/** Tries every socket of a service that the kernel names. */
const connectByHand = `
import json, re, socket
found = []
for place in set(re.findall(r"/\\S+\\.fork$", open("/proc/net/unix").read(), re.M)):
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(place)
            found.append("connected")
        except OSError as error:
            found.append(type(error).__name__)
print(json.dumps(found))`

/** As root, but from no unit of a server. */
const ask = `
import socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(30)
    connection.connect(sys.argv[1])
    connection.sendall(sys.argv[2].encode().decode("unicode_escape").encode())
    connection.shutdown(socket.SHUT_WR)
    try:
        print(connection.recv(64))
    except ConnectionResetError:
        print(b"")`
