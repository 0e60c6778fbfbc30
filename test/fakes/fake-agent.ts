import type {Conversation, ConversationListener} from '../../src/host/processes/conversations.js'
import {messageOf} from '../../src/errors.js'
import type {CommandOptions} from '../../src/host/processes/commands.js'
import type {FakeRun} from './fake-programs.js'
import type {MemoryFiles} from './memory-files.js'
import {innerPort} from './quiet-port.js'

interface Request {
  readonly id: number
  readonly do: string
  readonly path: string
  readonly to: string
  readonly text: string
  readonly mode: number
  readonly without?: readonly number[]
  readonly offset: number
  readonly length: number
  readonly bytes: string
  readonly argv: readonly string[]
}

/** What answers in place of `jhub_agent.py`: the same requests and answers, over files in memory and programs that behave. */
export function fakeAgent(
  files: MemoryFiles,
  run: FakeRun,
  {onLine}: ConversationListener,
  {hasSystemd = true} = {},
): Conversation {
  const options = ({mode}: Request) => ((mode as number | undefined) === undefined ? {} : {mode})
  const verbs: Readonly<Record<string, (request: Request) => unknown>> = {
    read: ({path}) => files.read(path),
    write: (request) => files.write(request.path, request.text, options(request)),
    append: ({path, text}) => files.append(path, text),
    readBytes: async ({path, offset, length}) =>
      Buffer.from(await files.readBytes(path, offset, length)).toString('base64'),
    appendBytes: ({path, bytes}) => files.appendBytes(path, Buffer.from(bytes, 'base64')),
    makeDirectory: (request) => files.makeDirectory(request.path, options(request)),
    remove: ({path}) => files.remove(path),
    list: ({path}) => files.list(path),
    stat: ({path}) => files.stat(path),
    rename: ({path, to}) => files.rename(path, to),
    setMode: ({path, mode}) => files.setMode(path, mode),
    readFrom: ({path, offset}) => files.readFrom(path, offset),
    freeBytes: ({path}) => files.freeBytes(path),
    unpack: ({path}) => files.write(`${path}/unpacked`, 'files'),
    freePort: (request) => innerPort(request),
    lookUp: () => ['192.168.1.5'],
    portState: () => ({state: 'free'}),
    processesOf: () => [],
    endProcesses: () => [],
    facts: () => ({
      platform: 'linux',
      architecture: 'x86_64',
      uid: 0,
      cores: 2,
      memoryBytes: 8 * 1024 ** 3,
      system: 'Debian GNU/Linux 13',
      hasSystemd,
      environment: {},
    }),
    async run(request) {
      const result = await run(request.argv, request as unknown as CommandOptions)
      if (result === undefined)
        throw new Error(`the fake machine does not know this program: ${request.argv.join(' ')}`)
      return result
    },
  }
  const settle = async (request: Request) => {
    const verb = verbs[request.do]
    try {
      if (verb === undefined) throw new Error(`the fake agent has no verb ${request.do}`)
      onLine(JSON.stringify({id: request.id, value: (await verb(request)) ?? null}))
    } catch (error) {
      onLine(JSON.stringify({id: request.id, error: {code: '', message: messageOf(error)}}))
    }
  }
  let isStarted = false
  return {
    send(line) {
      // The first line is the program itself.
      if (isStarted) void settle(JSON.parse(line) as Request)
      isStarted = true
    },
    close: () => undefined,
    holdOpen: () => undefined,
  }
}
