import path from 'node:path'
import type {Machine} from '../../machines/machine.js'
import {plainEnvironment} from '../../services/services.js'
import {namesOnMachine, type ServiceDefinition} from '../../services/supervisor.js'
import {caddyFile, type HttpsProxyConfiguration} from './https-proxy-configuration.js'

/** Caddy, before the hub's proxy: it fetches the certificate, renews it, and ends TLS. */
export function httpsProxyService(
  machine: Machine,
  {httpsProxy, hubPython}: {readonly httpsProxy: HttpsProxyConfiguration; readonly hubPython: string},
): ServiceDefinition {
  const {layout} = machine
  return {
    name: 'https',
    argv: [httpsProxy.program, 'run', '--config', path.posix.join(httpsProxy.directory, caddyFile)],
    env: {...plainEnvironment(machine), HOME: layout.acme, XDG_DATA_HOME: layout.acme, XDG_CONFIG_HOME: layout.acme},
    cwd: layout.root,
    writes: layout.acme,
    logFile: path.posix.join(layout.logs, `${namesOnMachine.https}.log`),
    listeners: httpsProxy.listeners,
    python: hubPython,
    fingerprint: httpsProxy.fingerprint,
  }
}
