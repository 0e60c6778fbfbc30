import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import type {EndpointTrust} from '../../../jupyterhub/hub-connection.js'
import type {HttpsSpec} from '../../../hub-spec/access/https-spec.js'
import type {Machine} from '../machines/machine.js'
import {namesOf, readChain, type KeyPair} from './certificate.js'

/** What the hub's endpoint shows, and by what jhub itself knows it. */
export interface EndpointCertificate extends KeyPair {
  readonly trust: EndpointTrust
}

type Place = Pick<Machine, 'files' | 'layout'>

/** `undefined` while it is still to be made. Throws `JHUB-E301` when a file that the spec names is not there. */
export async function readEndpointCertificate(
  machine: Place,
  local: Files,
  https: HttpsSpec,
): Promise<EndpointCertificate | undefined> {
  if (https.by === 'internal') {
    const [authority, server] = await Promise.all([readAuthority(machine), readServer(machine)])
    if (authority === undefined || server === undefined) return undefined
    return {...server, trust: {authorities: authority.certificate, name: 'localhost'}}
  }
  if (https.by === 'acme') return undefined
  const [certificate, key] = await Promise.all([readNamed(local, https.cert), readNamed(local, https.key)])
  return {certificate, key, trust: {authorities: certificate, name: nameOf(certificate)}}
}

export function readAuthority(machine: Place): Promise<KeyPair | undefined> {
  return readPair(machine, 'ca')
}

export function readServer(machine: Place): Promise<KeyPair | undefined> {
  return readPair(machine, 'server')
}

/** Where a pair of the hub's own authority stands. */
export function pairFiles({layout}: Pick<Machine, 'layout'>, name: 'ca' | 'server') {
  const at = (kind: string) => path.posix.join(layout.authority, `${name}.${kind}`)
  return {certificate: at('crt'), key: at('key')}
}

async function readPair(machine: Place, name: 'ca' | 'server'): Promise<KeyPair | undefined> {
  const places = pairFiles(machine, name)
  const [certificate, key] = await Promise.all([machine.files.read(places.certificate), machine.files.read(places.key)])
  return certificate === undefined || key === undefined ? undefined : {certificate, key}
}

async function readNamed(local: Files, file: string): Promise<string> {
  const text = await local.read(file)
  if (text !== undefined) return text
  throw new JhubError('JHUB-E301', `In the settings file, access.https names ${file}, and there is no such file`, {
    fix: 'jhub config edit',
  })
}

/** One of its names; a wildcard stands for any word. */
function nameOf(certificate: string): string {
  const [leaf] = readChain(certificate) ?? []
  return (leaf === undefined ? undefined : namesOf(leaf)[0])?.replace('*', 'jhub') ?? 'localhost'
}
