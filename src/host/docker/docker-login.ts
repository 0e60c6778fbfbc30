import {readFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

/** An account of a registry, as the Docker engine takes it. */
export interface RegistryLogin {
  readonly serveraddress: string
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
}

interface DockerConfig {
  readonly auths?: Readonly<Record<string, {readonly auth?: string; readonly identitytoken?: string}>>
  readonly credsStore?: string
  readonly credHelpers?: Readonly<Record<string, string>>
}

const dockerHub = 'https://index.docker.io/v1/'

/** The account of `docker login` for the registry of a reference; `undefined` where there is none. */
export async function dockerLogin(reference: string): Promise<RegistryLogin | undefined> {
  const directory = process.env['DOCKER_CONFIG'] ?? path.join(os.homedir(), '.docker')
  const text = await readFile(path.join(directory, 'config.json'), 'utf8').catch(() => '{}')
  const {auths = {}, credsStore, credHelpers = {}} = JSON.parse(text) as DockerConfig
  const serveraddress = registryOf(reference)
  const helper = credHelpers[serveraddress] ?? credsStore
  if (helper !== undefined) return askHelper(helper, serveraddress)
  const {auth = '', identitytoken} = auths[serveraddress] ?? {}
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(auth, 'base64').toString()) ?? []
  if (identitytoken !== undefined) return {serveraddress, identitytoken}
  return username === undefined || password === undefined ? undefined : {serveraddress, username, password}
}

/** `quay.io`, `localhost:5000`; Docker Hub by the address under which `docker login` knows it. */
function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/')
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : dockerHub
}

async function askHelper(helper: string, serveraddress: string): Promise<RegistryLogin | undefined> {
  const {execa} = await import('execa')
  const asked = {input: serveraddress, reject: false, timeout: 30_000}
  const {exitCode, stdout} = await execa(`docker-credential-${helper}`, ['get'], asked)
  if (exitCode !== 0) return undefined
  const {Username: username, Secret: secret} = JSON.parse(stdout) as {Username: string; Secret: string}
  return username === '<token>' ? {serveraddress, identitytoken: secret} : {serveraddress, username, password: secret}
}
