import {expect, it} from 'vitest'
import type {ForkingHub} from './fork-probes.js'
import {untilForksReady} from './image-fork-probes.js'
import {isForked, showServer} from './server-facts.js'
import {until} from './until.js'

const ten = Array.from({length: 10}, (_, index) => `s${String(index)}`)

interface ListedServers {
  readonly servers: readonly {readonly user: string; readonly state: string}[]
}

/** What may happen to the service that forks servers: no start fails by it, and no server that runs feels it. */
export function forkFaultProbes({jhub, as, inside, waitForHub, editSpec}: ForkingHub): void {
  const services = () => `jhub-${jhub().name}.*.prefork.service`
  const pidOf = (person: string) => showServer(inside, jhub().name, person, 'MainPID')
  const isFork = (person: string) => isForked(inside, jhub().name, person)
  const restart = (person: string) => jhub().json('server', 'restart', person)
  const untilReady = () => untilForksReady(jhub())
  const startsForks = async (person: string) => {
    await untilReady()
    await restart(person)
    expect(await isFork(person)).toBe(true)
  }

  it('ten servers start all the same while the service is killed, and later ones are forked again', async () => {
    await jhub().json('user', 'add', ...ten)
    await untilReady()
    const oneStarts = `find /sys/fs/cgroup -name 'jhub-${jhub().name}.s?.server.service' | grep -q .`
    const kill = `systemctl kill --signal=KILL '${services()}' 2>/dev/null`
    const killWhenOneStarts = `until ${oneStarts}; do :; done; for each in $(seq 10); do ${kill}; sleep 1; done`
    const start = jhub().run('server', 'start', ...ten)
    await inside('sh', '-c', `${killWhenOneStarts}; true`)
    expect((await start).exitCode).toBe(0)
    const {servers} = await jhub().json<ListedServers>('server', 'list')
    expect(ten.filter((name) => servers.find(({user}) => user === name)?.state !== 'running')).toEqual([])
    // A service that was killed is not taken for one whose forks do not become servers.
    await restart('s9')
    await startsForks('s9')
    await jhub().json('server', 'stop', ...ten)
  })

  it('servers and kernels that run go on when the service is killed', async () => {
    for (const person of ['ana', 'ben']) await startsForks(person)
    const before = await Promise.all([pidOf('ana'), pidOf('ben')])
    const ana = await as('ana')
    const kernel = await ana.openKernel('ana')
    await kernel.run('x = 6')
    await inside('systemctl', 'kill', '--signal=KILL', services())
    expect(await kernel.run('x * 7')).toBe('42')
    // Kernels are forked beside their server: the service has no part in it.
    expect(await ana.runCode('ana', 'import sys; "jhub_kernels" in sys.modules')).toBe('True')
    expect(await Promise.all([pidOf('ana'), pidOf('ben')])).toEqual(before)
    await startsForks('ben')
  })

  it('a service that ends again and again is left alone and told; servers start, and one day they are forked again', async () => {
    await untilReady()
    const loaded = () => inside('systemctl', 'list-units', '--all', '--plain', '--no-legend', services())
    await until('systemd has given the service up', async () => {
      await inside('sh', '-c', `systemctl kill --signal=KILL '${services()}' 2>/dev/null || true`)
      return (await loaded()) === ''
    })
    const {findings} = await jhub().json<{findings: readonly {check: string; state: string}[]}>('doctor')
    expect(findings.find(({check}) => check === 'forked servers')?.state).toBe('warning')
    expect((await jhub().json<{forks: object}>('status')).forks).toMatchObject({isWanted: true, service: 'absent'})
    await restart('ben')
    expect(await isFork('ben')).toBe(false)
    await until('servers are forked again', async () => {
      await restart('ben')
      return isFork('ben')
    })
  })

  it('of a forked server that nobody uses nothing is left, neither its kernels nor what forks them', async () => {
    await startsForks('ben')
    const ben = await as('ben')
    const kernel = await ben.openKernel('ben')
    expect(await kernel.run('import sys; "jhub_kernels" in sys.modules')).toBe('True')
    const programs = () => inside('sh', '-c', `pgrep -c -U ${jhub().name}-ben || true`)
    // The server, what forks its kernels, and a kernel.
    expect(Number(await programs())).toBeGreaterThanOrEqual(3)
    await editSpec((source) => source.replace(/after: \w+/, 'after: 3s'))
    await jhub().json('up')
    await until('it has stopped', async () => (await programs()) === '0')
    await editSpec((source) => source.replace(/after: \w+/, 'after: 1h'))
    await jhub().json('up')
    await waitForHub()
    await jhub().json('server', 'start', 'ana', 'ben', 'admin')
  })

  it('a server starts in the ordinary way where there is no memory for its fork', async () => {
    await untilReady()
    const limitMemory = async (mostOf: (unit: string) => string) => {
      const listed = await inside('systemctl', 'list-units', '--plain', '--no-legend', services())
      for (const unit of listed.split('\n').map((line) => line.split(' ')[0] ?? ''))
        await inside('sh', '-c', `systemctl set-property --runtime ${unit} MemoryMax=${mostOf(unit)} || true`)
    }
    // The first takes from the services what they can do without, or kills them; the second is all that they have then. Where
    // some of that was free again, a server could be forked after all: then there is less of it.
    const leaveNone = async () => {
      await limitMemory(() => '1M')
      await limitMemory((unit) => `$(systemctl show ${unit} --property=MemoryCurrent --value)`)
    }
    try {
      await until('there is no memory for a fork', async () => {
        await leaveNone()
        await restart('ben')
        return !(await isFork('ben'))
      })
      expect(await (await as('ben')).runCode('ben', '2 ** 5')).toBe('32')
    } finally {
      await limitMemory(() => 'infinity')
    }
    await startsForks('ben')
  })

  it('a server that takes more memory than it may while it starts is told so', async () => {
    await startsForks('ben')
    const ben = await as('ben')
    await ben.runCode('ben', configureServer('taken = b"x" * (3 * 1024**3)'))
    await jhub().json('server', 'stop', 'ben')
    const said = await jhub().run('server', 'start', 'ben')
    expect(said.exitCode).not.toBe(0)
    expect(said.stderr).toContain('memory runs out')
    const home = await inside('sh', '-c', `getent passwd ${jhub().name}-ben | cut -d: -f6`)
    await inside('rm', `${home}/.jupyter/jupyter_server_config.py`)
    await startsForks('ben')
  })

  it('made-up requests to what forks the kernels of a server get nothing that the server does not have', async () => {
    await startsForks('ana')
    const [ana, ben] = [await as('ana'), await as('ben')]
    const home = await ana.runCode('ana', 'import os; print(os.getcwd())')
    const other = await ben.runCode('ben', 'import os; print(os.getcwd())')
    await ana.runCode('ana', `with open("look.py", "w") as file: file.write(${JSON.stringify(lookAround(other))})`)
    await ana.runCode('ana', configureServer(makeUpRequests(other)))
    await restart('ana')
    expect(await isFork('ana')).toBe(true)
    const {answers, own, fork} = JSON.parse(await ana.runCode('ana', 'print(open("answers.json").read())')) as MadeUp
    expect(answers).toEqual({
      'a uid': '',
      'no words of ours': '',
      'not even an object': '',
      'words that are none': '',
      'no line for the answer': 'no answer',
      'a huge message': 'OSError',
      "another's directory": '',
      "another's name and home": 'a fork',
    })
    expect(own).toMatchObject({"another's home": 'PermissionError', CapPrm: expect.stringMatching(/^0+$/) as string})
    expect(fork).toEqual(own)
    expect(await ana.runCode('ana', 'import sys; "jhub_kernels" in sys.modules')).toBe('True')
    await inside('rm', `${home}/.jupyter/jupyter_server_config.py`)
    await restart('ana')
  })
}

interface MadeUp {
  /** To each request: empty where the other end hung up. */
  readonly answers: Readonly<Record<string, string>>
  /** What the kernel of Linux tells of a program that the server started, and of the fork that it got. */
  readonly own: object
  readonly fork: object
}

/** Python for a notebook that has its server run this at its next start. */
function configureServer(python: string): string {
  return `
import os
os.makedirs(os.path.expanduser("~/.jupyter"), exist_ok=True)
with open(os.path.expanduser("~/.jupyter/jupyter_server_config.py"), "w") as file:
    file.write(${JSON.stringify(python)})`
}

/** Writes into a file what it is and may do. */
function lookAround(otherHome: string): string {
  return `
import json, os, sys
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
held = "Umask Uid Gid Groups CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp Seccomp_filters".split()
facts = {name: status[name].strip() for name in held} | {"cgroup": open("/proc/self/cgroup").read()}
facts |= {name: os.readlink("/proc/self/ns/" + name) for name in os.listdir("/proc/self/ns")}
try:
    facts["another's home"] = os.listdir("${otherHome}")
except OSError as error:
    facts["another's home"] = type(error).__name__
with open(sys.argv[1] + ".part", "w") as file:
    json.dump(facts, file)
os.rename(sys.argv[1] + ".part", sys.argv[1])
`
}

/** Runs in a server, which has the only way to what forks its kernels. */
function makeUpRequests(otherHome: string): string {
  return `
import json, os, socket, subprocess, sys, time
import jhub_kernel_provisioner
home, parent = os.path.expanduser("~"), jhub_kernel_provisioner.parent
look = [sys.executable, home + "/look.py"]
program = {"argv": [*look, "/tmp/fork.json"], "environment": dict(os.environ), "directory": home}
as_other = {**os.environ, "USER": "ben", "JUPYTERHUB_USER": "ben", "HOME": "${otherHome}"}

def answer_to(words, has_line=True):
    here, there = socket.socketpair()
    with here:
        here.settimeout(10)
        with there:
            try:
                socket.send_fds(parent, [words], [there.fileno()] if has_line else [])
            except OSError as error:
                return type(error).__name__
            if not has_line:
                return "no answer"
        try:
            if not here.recv(16):
                return ""
            here.sendall(b"yes\\n")
            return "a fork"
        except OSError as error:
            return type(error).__name__

def ask(**changed):
    return answer_to(json.dumps({**program, **changed}).encode())

answers = {
    "a uid": ask(uid=0),
    "no words of ours": answer_to(b'{"argv": ["/bin/sh"]}'),
    "not even an object": answer_to(b"[1, 2, 3]"),
    "words that are none": answer_to(b"\\xff" * 1000),
    "no line for the answer": answer_to(json.dumps(program).encode(), has_line=False),
    "a huge message": answer_to(b"x" * 2**20),
    "another's directory": ask(directory="${otherHome}"),
    "another's name and home": ask(environment=as_other),
}
subprocess.run([*look, "/tmp/own.json"], check=True)
for _ in range(600):
    if os.path.exists("/tmp/fork.json"):
        break
    time.sleep(0.1)
found = {name: json.load(open(f"/tmp/{name}.json")) for name in ("own", "fork")}
with open(home + "/answers.json", "w") as file:
    json.dump({"answers": answers, **found}, file)
`
}
