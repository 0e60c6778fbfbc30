import path from 'node:path'
import type {Configuration} from '../configuration/configuration.js'
import {withoutIndexes} from '../configuration/without-indexes.js'
import {proxySettings, proxyStarter} from '../configuration/proxy-files.js'
import type {Machine} from '../machines/machine.js'
import type {ServiceDefinition} from './supervisor.js'

/** What every program of the hub is given: nothing of our own environment but the network's settings. */
export function plainEnvironment(machine: Machine): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: machine.layout.database,
    ...withoutIndexes(machine.facts.networkEnvironment),
  }
}

/** As much of a configuration as the hub itself needs. */
export type HubConfiguration = Pick<Configuration, 'directory' | 'hubFingerprint' | 'hubPython'>

export function hubEnvironmentVariables(machine: Machine, configuration: HubConfiguration): Record<string, string> {
  return {
    ...plainEnvironment(machine),
    PATH: `${path.posix.dirname(configuration.hubPython)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    JHUB_SETTINGS: path.posix.join(configuration.directory, 'settings.json'),
    PYTHONUNBUFFERED: '1',
  }
}

/** The hub. It is started anew with a new proxy too: only a starting hub tells its routes at once. */
export function hubService(
  machine: Machine,
  configuration: HubConfiguration,
  proxyGeneration: string,
): ServiceDefinition {
  return {
    name: 'hub',
    argv: [
      configuration.hubPython,
      '-m',
      'jupyterhub',
      '-f',
      path.posix.join(configuration.directory, 'jupyterhub_config.py'),
    ],
    env: hubEnvironmentVariables(machine, configuration),
    cwd: machine.layout.database,
    logFile: path.posix.join(machine.layout.logs, 'hub.log'),
    fingerprint: hubServiceFingerprint(configuration, proxyGeneration),
  }
}

export function hubServiceFingerprint(configuration: HubConfiguration, proxyGeneration: string): string {
  return `${configuration.hubFingerprint}.${proxyGeneration}`
}

/** configurable-http-proxy, apart from the hub: people keep working while the hub restarts. */
export function proxyService(machine: Machine, configuration: Configuration): ServiceDefinition {
  const {proxyDirectory, proxyFingerprint, proxyProgram, listeners} = configuration
  const file = (name: string) => path.posix.join(proxyDirectory, name)
  return {
    name: 'proxy',
    argv: [proxyProgram.node, file(proxyStarter), file(proxySettings)],
    env: {
      ...plainEnvironment(machine),
      JHUB_SECRETS_FILE: machine.layout.secrets,
      JHUB_PROXY_MODULE: proxyProgram.module,
    },
    cwd: machine.layout.root,
    writes: machine.layout.run,
    logFile: path.posix.join(machine.layout.logs, 'proxy.log'),
    listeners,
    python: configuration.hubPython,
    fingerprint: proxyFingerprint,
  }
}
