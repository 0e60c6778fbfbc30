import {JhubError} from '../../src/errors.js'
import {namesOnMachine, serviceNames} from '../../src/engines/vm/services/supervisor.js'
import {answer, type FakeRun} from './fake-programs.js'
import type {FakeServices} from './fake-services.js'
import type {MemoryFiles} from './memory-files.js'

export interface FakeSystemdOptions {
  readonly files: MemoryFiles
  readonly services: FakeServices
  readonly beforeChange: (what: string) => void
}

/** `systemctl` and what goes with it, over unit files in memory. `undefined`: another program. */
export function fakeSystemd({files, services, beforeChange}: FakeSystemdOptions): FakeRun {
  /** Units that hold ports. */
  const sockets = new Set<string>()
  const isSocket = (unit: string) => unit.endsWith('.socket')
  const serviceOf = (unit: string) =>
    serviceNames.find((name) => unit.endsWith(`.${namesOnMachine[name]}.service`)) ?? ''
  const showSocket = async (unit: string): Promise<string> => {
    if (!sockets.has(unit)) return 'ActiveState=inactive\n'
    const text = (await files.read(`/etc/systemd/system/${unit}`)) ?? ''
    const listens = [...text.matchAll(/^ListenStream=(\S+)$/gm)].map(([, place = '']) => `Listen=${place} (Stream)\n`)
    return `ActiveState=active\n${listens.join('')}`
  }
  const show = async (unit: string): Promise<string> => {
    if (isSocket(unit)) return showSocket(unit)
    const service = services.running.get(serviceOf(unit))
    if (service === undefined) return 'ActiveState=inactive\nMainPID=0\nEnvironment=\n'
    return `ActiveState=active\nMainPID=${String(service.pid)}\nEnvironment=JHUB_FINGERPRINT=${service.fingerprint}\n`
  }
  /** Sockets that another unit can share, by the text that they were started with. */
  const shared = new Set<string>()
  /** A unit that is handed the ports of a socket unit, and has them open while that is started anew. */
  const handOver = async (unit: string, text: string) => {
    const socket = /^Sockets=(\S+)$/m.exec(text)?.[1] ?? ''
    beforeChange(`hand ${socket} to ${unit}`)
    if (!shared.has(socket)) throw new JhubError('JHUB-E201', `${socket}: Address already in use`)
    await stop(socket)
    await start(socket)
  }
  const start = async (unit: string) => {
    const passing = await files.read(`/run/systemd/system/${unit}`)
    if (passing !== undefined) return handOver(unit, passing)
    const text = await files.read(`/etc/systemd/system/${unit}`)
    if (text === undefined) throw new JhubError('JHUB-E201', `Unit ${unit} not found.`)
    beforeChange(`start ${unit}`)
    if (isSocket(unit)) {
      sockets.add(unit)
      if (text.includes('ReusePort=yes')) shared.add(unit)
      else shared.delete(unit)
      return
    }
    const needed = /^Requires=(\S+)$/m.exec(text)?.[1]
    if (needed !== undefined && !sockets.has(needed)) throw new JhubError('JHUB-E201', `${needed} does not listen.`)
    await services.stop(serviceOf(unit))
    const argv = [...(/^ExecStart=(.*)$/m.exec(text)?.[1] ?? '').matchAll(/"([^"]*)"/g)].map(([, word = '']) => word)
    await services.start(serviceOf(unit), /^Environment=JHUB_FINGERPRINT=(\S+)$/m.exec(text)?.[1] ?? '', argv)
  }
  const stop = async (unit: string) => {
    if (sockets.has(unit)) {
      beforeChange(`stop ${unit}`)
      sockets.delete(unit)
    }
    const name = serviceOf(unit)
    if (!services.running.has(name)) return
    beforeChange(`stop ${unit}`)
    await services.stop(name)
    // `PartOf=`: who is part of it is stopped with it.
    if (name === 'proxy') await services.stop('hub')
  }
  return async (argv) => {
    const [program, ...all] = argv
    if (program === 'journalctl') return answer()
    if (program !== 'systemctl') return undefined
    const [verb, ...words] = all.filter(
      (word) => !['--no-pager', '--quiet', '--now', '--all', '--plain'].includes(word),
    )
    const units = words.filter((word) => !word.startsWith('--'))
    switch (verb) {
      case 'is-system-running':
        return answer('running')
      case 'is-enabled':
        return answer(
          (await files.read(`/etc/systemd/system/${units[0] ?? ''}`)) === undefined ? 'not-found' : 'enabled',
        )
      case 'show':
        return answer((await Promise.all(units.map(show))).join('\n'))
      case 'daemon-reload':
      case 'reset-failed':
      case 'enable':
      case 'list-units':
        return answer()
      case 'start':
        for (const unit of units) await start(unit)
        return answer()
      case 'restart':
        for (const unit of units) {
          await stop(unit)
          await start(unit)
        }
        return answer()
      case 'disable':
      case 'stop':
        for (const unit of units) await stop(unit)
        return answer()
      default:
        return undefined
    }
  }
}
