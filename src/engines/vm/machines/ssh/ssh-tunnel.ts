import {JhubError} from '../../../../errors.js'
import type {Commands} from '../../../../host/processes/commands.js'
import type {Conversation} from '../../../../host/processes/conversations.js'
import {sshForward, type SshTarget} from './ssh-command.js'

const deadlineMs = 60_000
const mostTries = 5

/** A tunnel that stands: its end here is a port of the loopback address. */
export interface Tunnel {
  readonly port: number
  readonly conversation: Conversation
  readonly closed: Promise<undefined>
}

export interface TunnelOptions {
  readonly commands: Pick<Commands, 'converse'>
  readonly target: SshTarget
  /** `ssh://…`, as the person wrote it. */
  readonly address: string
  /** `HOST:PORT`, as that machine sees it. */
  readonly to: string
  /** The port to listen on here; asked again while somebody else is quicker to take it. */
  readonly choosePort: (isFirst: boolean) => Promise<number>
}

/**
 * Opens a tunnel. That ssh listens is known by its own word, so that another program at the same port is never taken for it.
 * Throws `JHUB-E215`.
 */
export async function openTunnel(options: TunnelOptions): Promise<Tunnel> {
  for (let tries = 1; ; tries += 1) {
    const tried = await tryPort(options, await options.choosePort(tries === 1))
    if (typeof tried !== 'string') return tried
    if (tries === mostTries || !/address already in use|cannot listen to port/i.test(tried))
      throw new JhubError('JHUB-E215', `No tunnel to ${options.address}`, {cause: new Error(tried)})
  }
}

/** The tunnel, or why there is none. ssh runs a program over there only after it has the port here. */
async function tryPort({commands, target, to}: TunnelOptions, port: number): Promise<Tunnel | string> {
  const opened = Promise.withResolvers<string | undefined>()
  const closed = Promise.withResolvers<undefined>()
  const conversation = commands.converse(sshForward(target, port, to), {
    onLine: () => opened.resolve(undefined),
    onEnd(complaints) {
      opened.resolve(complaints || 'ssh ended')
      closed.resolve(undefined)
    },
  })
  const timer = setTimeout(() => opened.resolve(`ssh gave no answer within ${String(deadlineMs / 1000)} s`), deadlineMs)
  const problem = await opened.promise
  clearTimeout(timer)
  if (problem === undefined) return {port, conversation, closed: closed.promise}
  conversation.close()
  return problem
}
