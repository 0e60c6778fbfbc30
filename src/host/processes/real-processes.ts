import {readFile, readdir, readlink} from 'node:fs/promises'
import {createServer} from 'node:net'
import {definedOnly, ifDefined} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {Commands} from './commands.js'
import {listenerUid} from '../network/listener-uid.js'
import type {FreePortOptions, PortState, ProcessFacts, Processes} from './processes.js'

/** Processes and ports: from `/proc` on Linux, from `ps` and `lsof` elsewhere. */
export function realProcesses(commands: Commands, platform: NodeJS.Platform): Processes {
  const look = platform === 'linux' ? linuxLook : portableLook(commands)
  return {
    startTime: (pid) => look.startTime(pid),
    list: (accounts = [process.getuid?.() ?? -1]) => look.list(accounts),
    signal: (pid, signal) => Promise.resolve(send(pid, signal)),
    portState: async (port, address) => {
      const state = await tryPort(port, address)
      return state.state === 'used' ? {state: 'used', ...(await look.listener(port))} : state
    },
    freePort: findFreePort,
    async hasForeignListener(port, address) {
      if (platform === 'linux') {
        const uid = await listenerUid(port, address)
        return uid !== undefined && uid !== 0 && uid !== process.getuid?.()
      }
      if ((await tryPort(port, address)).state !== 'used') return false
      // `lsof` shows an account its own programs only, and root everybody's.
      return process.getuid?.() !== 0 && (await look.listener(port)).pid === undefined
    },
  }
}

/** Of programs that may be started later: rlogin, syslog, LPD, AFP, RTSP, SMTP, IPP, LDAP, rsync, FTP, IMAP and POP by TLS. */
const wellKnown = new Set([513, 514, 515, 548, 554, 587, 631, 636, 873, 989, 990, 993, 995])

async function findFreePort({below, without = []}: FreePortOptions = {}): Promise<number> {
  if (below === undefined) return portOfSystem()
  // Any of them, so that two hubs that are made at the same time do not want the same one.
  const [first, count] = [512, below - 512]
  const start = Math.floor(Math.random() * count)
  for (let step = 0; step < count; step++) {
    const port = first + ((start + step) % count)
    if (without.includes(port) || wellKnown.has(port)) continue
    if ((await tryPort(port, '127.0.0.1')).state === 'free') return port
  }
  throw new JhubError('JHUB-E202', `No port below ${String(below)} is free`)
}

function portOfSystem(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

interface Look {
  startTime(pid: number): Promise<string | undefined>
  list(accounts: readonly number[]): Promise<readonly ProcessFacts[]>
  listener(port: number): Promise<{pid?: number; command?: string}>
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

function tryPort(port: number, address: string): Promise<PortState> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve({state: 'used'})
      else if (error.code === 'EACCES') resolve({state: 'not permitted'})
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve({state: 'no such address'})
      else reject(error)
    })
    server.listen(port, address, () => {
      server.close(() => {
        resolve({state: 'free'})
      })
    })
  })
}

const linuxLook: Look = {
  /**
   * Boot id and clock ticks since boot (proc(5), field 22 of `/proc/PID/stat`). A zombie is not running, unless it has threads yet
   * (field 20): until the last of them has ended, its ports are in use.
   */
  async startTime(pid) {
    const stat = await readOrUndefined(`/proc/${String(pid)}/stat`)
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields === undefined || (fields[0] === 'Z' && Number(fields[17]) <= 1)) return undefined
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
    return `${boot}/${fields[19] ?? ''}`
  },
  async list(accounts) {
    const pids = await linuxPids()
    const owners = await Promise.all(pids.map(ownerOf))
    const theirs = pids.filter((_, index) => accounts.includes(owners[index] ?? -1))
    const processes = await Promise.all(theirs.map(readLinuxProcess))
    return processes.filter((facts) => facts !== undefined)
  },
  async listener(port) {
    const inodes = new Set<string>()
    for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
      for (const line of ((await readOrUndefined(table)) ?? '').split('\n').slice(1)) {
        const fields = line.trim().split(/\s+/)
        const isListening = fields[3] === '0A'
        if (isListening && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port) inodes.add(fields[9] ?? '')
      }
    }
    for (const pid of await linuxPids())
      if (await holdsSocket(pid, inodes)) {
        const found = await readLinuxProcess(pid)
        if (found !== undefined) return {pid, command: found.argv.join(' ')}
      }
    return {}
  },
}

async function linuxPids(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
}

/** Who started a process, also one of root's rights such as `su`. */
async function ownerOf(pid: number): Promise<number | undefined> {
  const status = (await readOrUndefined(`/proc/${String(pid)}/status`)) ?? ''
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1]
  return uid === undefined ? undefined : Number(uid)
}

async function readLinuxProcess(pid: number): Promise<ProcessFacts | undefined> {
  const argv = (await readOrUndefined(`/proc/${String(pid)}/cmdline`))?.split('\0').slice(0, -1)
  if (argv === undefined || argv.length === 0) return undefined
  const environment = (await readOrUndefined(`/proc/${String(pid)}/environ`))?.split('\0') ?? []
  const home = environment.find((entry) => entry.startsWith('HOME='))?.slice('HOME='.length)
  return {pid, argv, ...definedOnly({home})}
}

async function holdsSocket(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${String(pid)}/fd`
  const entries = await readdir(directory).catch(() => [])
  const targets = await Promise.all(entries.map((entry) => readlink(`${directory}/${entry}`).catch(() => '')))
  return targets.some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? 'none'))
}

/** A process may end, or belong to another account, between two looks: then there is nothing to read. */
async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))
    )
      return undefined
    throw error
  }
}

function portableLook(commands: Commands): Look {
  return {
    async startTime(pid) {
      const answer = await commands.run(['ps', '-o', 'stat=,lstart=', '-p', String(pid)], {okExitCodes: [0, 1]})
      const line = answer.stdout.trim()
      return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
    },
    async list(accounts) {
      const answer = await commands.run(['ps', '-xww', '-U', accounts.join(','), '-o', 'pid=,command='], {
        okExitCodes: [0, 1],
      })
      return answer.stdout.split('\n').flatMap((line) => {
        const [pid, ...argv] = line.trim().split(/\s+/)
        return pid === undefined || argv.length === 0 ? [] : [{pid: Number(pid), argv}]
      })
    },
    async listener(port) {
      const answer = await commands.run(['lsof', '-nP', `-iTCP:${String(port)}`, '-sTCP:LISTEN', '-Fpc'], {
        okExitCodes: [0, 1],
      })
      const pid = /^p(\d+)$/m.exec(answer.stdout)?.[1]
      const command = /^c(.+)$/m.exec(answer.stdout)?.[1]
      return definedOnly({pid: ifDefined(pid, Number), command})
    },
  }
}
