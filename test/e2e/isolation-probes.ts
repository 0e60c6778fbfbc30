import {createConnection, createServer} from 'node:net'
import {expect, it} from 'vitest'
import type {Browser} from './browser.js'
import {
  countedBytes,
  families,
  listenEverywhere,
  lookAtOthers,
  reach,
  seen,
  sendTo,
  sharedMemory,
  writeEverywhere,
} from './isolation-code.js'
import {crash, findKey, haveSome, leaveKey, lookInto, runLater, useUp} from './linux-code.js'
import {until} from './until.js'

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
    expect(await ask('ana', countedBytes)).toBe(
      "{'/dev/shm': True, '/tmp': True, 'memfd': True, 'segment': True, 'connections': True}",
    )
  })

  it('shared memory and queues are shared with nobody else', async () => {
    expect(await ask('ana', sharedMemory(0o1000))).toBe('True')
    expect(await ask('ben', sharedMemory(0))).toBe('False')
  })

  it("who uses up descriptors, processes, watches and keys uses up nobody else's", async () => {
    const {inside} = find()
    const used = JSON.parse(await ask('ana', useUp)) as {pid: number; descriptorsAreHeld: boolean; threads: number}
    try {
      expect(used.descriptorsAreHeld).toBe(true)
      expect(used.threads).toBeLessThan(1_024)
      expect(await ask('ben', haveSome)).toBe('[]')
    } finally {
      await inside('kill', '-KILL', String(used.pid))
    }
  })

  it('keys of the kernel are shared with nobody else', async () => {
    const key = `probe-${crypto.randomUUID()}`
    expect(await ask('ana', leaveKey(key))).toBe('True')
    expect(await ask('ben', findKey(key))).toBe('False')
  })

  it('programs of others cannot be looked into: a neighbour, the hub, what forks servers, the first of the machine', async () => {
    const {name, inside} = find()
    const units = [`jhub-${name}.ben.server.service`, `jhub-${name}.hub.service`, `jhub-${name}.*.prefork.service`]
    const shown = await inside('systemctl', 'show', '--property=MainPID', '--value', ...units)
    const pids = shown.split(/\s+/).filter(Boolean).map(Number)
    expect(pids.length).toBeGreaterThanOrEqual(2)
    const said = JSON.parse(await ask('ana', lookInto([1, ...pids]))) as {own: string[]; others: string[]}
    // Docker's filter of system calls refuses descriptors of other processes to everybody.
    const own = said.own.filter((way) => way !== 'descriptors')
    expect({...said, own}).toEqual({own: ['memory', 'file', 'trace'], others: []})
  })

  it('a program that crashes leaves nothing', async () => {
    expect(await ask('ana', crash)).toBe('-6 []')
  })

  it("nothing runs later than the server: by at, cron, timers or a manager of the person's own", async () => {
    expect(await ask('ana', runLater)).toBe('[]')
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
      await until('the stand-in answers', async () => (await inside('python3', '-c', reach(metadata, 80))) === 'True')
      expect(await ask('ana', reach(metadata, 80))).toBe('False')
      await restartHub()
      expect(await inside('python3', '-c', reach(metadata, 80))).toBe('True')
      expect(await ask('ana', reach(metadata, 80))).toBe('False')
    } finally {
      await inside('systemctl', 'stop', 'metadata-stand-in')
      await inside('ip', 'address', 'delete', `${metadata}/32`, 'dev', 'lo')
    }
  })

  it('nobody is reached by an address that many have', async () => {
    const {inside, isContainer} = find()
    const addresses = ['255.255.255.255', '224.0.0.251', ...(isContainer ? ['239.1.1.1'] : [])]
    const inWords = `['${addresses.join("', '")}']`
    expect(await inside('python3', '-c', sendTo(addresses))).toBe(inWords)
    expect(await ask('ana', sendTo(addresses))).toBe('[]')
  })

  it('what a person listens at answers the machine itself, and nobody outside it', async () => {
    const {inside} = find()
    const address = (await inside('hostname', '-I')).split(' ')[0] ?? ''
    const port = Number(await ask('ana', listenEverywhere))
    expect(await inside('python3', '-c', reach(address, port))).toBe('True')
    expect(await isAnswered(address, port)).toBe(false)
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

/** Stands in for something that listens on the computer of the Docker engine. */
async function listenAt(address: string): Promise<{readonly port: number; readonly close: () => void}> {
  const server = createServer((socket) => socket.end())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve)
  })
  const where = server.address()
  return {port: typeof where === 'object' && where !== null ? where.port : 0, close: () => server.close()}
}

/** Whether somebody answers there within three seconds. */
function isAnswered(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({host: address, port})
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket
      .setTimeout(3_000, () => end(false))
      .once('connect', () => end(true))
      .once('error', () => end(false))
  })
}
