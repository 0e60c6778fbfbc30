import path from 'node:path'
import type {Machine} from '../machines/machine.js'
import {plainEnvironment} from '../services/services.js'
import type {ServiceDefinition} from '../services/supervisor.js'
import {caddyFile, type FrontConfiguration} from './front-configuration.js'

/** Caddy, before the hub's proxy: it fetches the certificate, renews it, and ends TLS. */
export function frontService(
  machine: Machine,
  {front, hubPython}: {readonly front: FrontConfiguration; readonly hubPython: string},
): ServiceDefinition {
  const {layout} = machine
  return {
    name: 'front',
    argv: [front.program, 'run', '--config', path.posix.join(front.directory, caddyFile)],
    env: {...plainEnvironment(machine), HOME: layout.acme, XDG_DATA_HOME: layout.acme, XDG_CONFIG_HOME: layout.acme},
    cwd: layout.root,
    writes: layout.acme,
    logFile: path.posix.join(layout.logs, 'front.log'),
    listeners: front.listeners,
    python: hubPython,
    fingerprint: front.fingerprint,
  }
}
