import path from 'node:path'

export interface SshTarget {
  readonly user: string | undefined
  readonly host: string
  readonly port: string | undefined
}

/** The parts of `ssh://user@host:port`. */
export function parseSshAddress(address: string): SshTarget {
  const {username, hostname, port} = new URL(address)
  return {
    user: username === '' ? undefined : username,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : port,
  }
}

/** Longest path of a socket that every system takes, with room for what ssh adds while it makes it. */
const longestSocket = 80

/** One connection for all that follow within a minute; never a question, since nobody may be there to answer. */
function options({user, host, port}: SshTarget, sockets: string | undefined): readonly string[] {
  const socket = path.join(sockets ?? '', 'jhub-%C')
  const shared =
    sockets !== undefined && socket.length + 40 <= longestSocket
      ? ['-o', 'ControlMaster=auto', '-o', `ControlPath=${socket}`, '-o', 'ControlPersist=60']
      : []
  return [
    ...shared,
    '-o',
    'BatchMode=yes',
    '-o',
    'ConnectTimeout=15',
    '-o',
    'ServerAliveInterval=15',
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', port]),
    host,
  ]
}

/** Runs a program there, as root. ssh gives its words to a shell there, so that each is quoted. */
export function sshCommand(target: SshTarget, argv: readonly string[], sockets: string | undefined): readonly string[] {
  const words = argv.map(quote).join(' ')
  const asRoot =
    target.user === 'root'
      ? `exec ${words}`
      : `if [ "$(id -u)" = 0 ]; then exec ${words}; else exec sudo -n ${words}; fi`
  return ['ssh', '-T', ...options(target, sockets), `exec sh -c ${quote(asRoot)}`]
}

/** A tunnel from a port of this machine's loopback address; it says a line once it stands, and lasts as long as its standard input. */
export function sshForward(target: SshTarget, port: number, to: string): readonly string[] {
  const forward = ['-o', 'ExitOnForwardFailure=yes', '-o', 'ControlPath=none', '-L', `127.0.0.1:${String(port)}:${to}`]
  return ['ssh', '-T', ...forward, ...options(target, undefined), 'echo open; exec cat']
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
