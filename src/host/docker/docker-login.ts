import {readFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {JhubError, messageOf} from '../../errors.js'
import {registryKey} from './registry-host.js'

/** An account of a registry, as the Docker engine takes it. */
export interface RegistryLogin {
  readonly serveraddress: string
  readonly username?: string
  readonly password?: string
  readonly identitytoken?: string
}

/**
 * The account of `docker login` for a registry, by its host; `undefined` where there is none. Throws `JHUB-E203` where
 * Docker's file of accounts cannot be read.
 */
export async function dockerLogin(host: string): Promise<RegistryLogin | undefined> {
  const file = path.join(process.env['DOCKER_CONFIG'] ?? path.join(os.homedir(), '.docker'), 'config.json')
  const {auths, credsStore, credHelpers} = await readConfig(file)
  const serveraddress = registryKey(host)
  const helper = textOf(credHelpers[serveraddress] ?? credHelpers[host]) ?? credsStore
  if (helper !== undefined) return askHelper(helper, serveraddress)
  const [, entry] = Object.entries(auths).find(([key]) => registryKey(hostOf(key)) === serveraddress) ?? []
  const {auth, identitytoken} = recordOf(entry)
  const token = textOf(identitytoken)
  if (token !== undefined) return {serveraddress, identitytoken: token}
  const [, username, password] = /^([^:]+):(.*)$/s.exec(Buffer.from(textOf(auth) ?? '', 'base64').toString()) ?? []
  return username === undefined || password === undefined ? undefined : {serveraddress, username, password}
}

interface DockerConfig {
  readonly auths: Values
  readonly credHelpers: Values
  readonly credsStore: string | undefined
}

type Values = Readonly<Record<string, unknown>>

/** What is of another kind than Docker writes it counts as missing, as for Docker itself. */
async function readConfig(file: string): Promise<DockerConfig> {
  const {auths, credHelpers, credsStore} = recordOf(parse(file, await readText(file)))
  return {auths: recordOf(auths), credHelpers: recordOf(credHelpers), credsStore: textOf(credsStore)}
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}'
    throw unreadable(file, error)
  }
}

function parse(file: string, text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    // Its words would quote the file, and with it a password.
    throw unreadable(file, new Error('it is not JSON'))
  }
}

function unreadable(file: string, cause: unknown): JhubError {
  return new JhubError('JHUB-E203', `Cannot read Docker's registry accounts from ${file}: ${messageOf(cause)}`, {
    fix: [`Fix ${file}, or move it away`, 'docker login REGISTRY   # writes a new one'],
  })
}

/** `https://registry.example/v1/` is how older versions of Docker name `registry.example`. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
}

async function askHelper(helper: string, serveraddress: string): Promise<RegistryLogin | undefined> {
  const {execa} = await import('execa')
  const asked = {input: serveraddress, reject: false, timeout: 30_000}
  const {exitCode, stdout} = await execa(`docker-credential-${helper}`, ['get'], asked)
  if (exitCode !== 0) return undefined
  const {Username: username, Secret: secret} = answerOf(stdout)
  if (username === undefined || secret === undefined) return undefined
  return username === '<token>' ? {serveraddress, identitytoken: secret} : {serveraddress, username, password: secret}
}

function answerOf(stdout: string): {readonly Username: string | undefined; readonly Secret: string | undefined} {
  try {
    const {Username, Secret} = recordOf(JSON.parse(stdout))
    return {Username: textOf(Username), Secret: textOf(Secret)}
  } catch {
    return {Username: undefined, Secret: undefined}
  }
}

function recordOf(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {}
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
