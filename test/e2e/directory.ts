import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import {tryInContainer} from './docker-machine.js'
import {buildDebianImage} from './debian-image.js'
import {until} from './until.js'

const image = 'jhub-e2e/slapd:trixie'
const suffix = 'dc=uni,dc=example'

/** A real OpenLDAP in a container; the passwords of its people are `word of NAME`. */
export interface Directory {
  /** By LDAPS, and by LDAP with StartTLS. */
  readonly addresses: readonly [string, string]
  /** PEM: the file of the authority by which its certificate is known. */
  readonly ca: string
  readonly base: string
  readonly bindDn: string
  readonly bindPassword: string
  readonly group: (name: string) => string
  /** Changes entries, in the words of LDIF. */
  change(...lines: readonly string[]): Promise<void>
  stop(): Promise<void>
}

/** Why there can be no directory here; `undefined` when there can. */
export async function whyNoDirectory(): Promise<string | undefined> {
  const {exitCode} = await execa('docker', ['info'], {reject: false, timeout: 120_000})
  return exitCode === 0 ? undefined : 'no Docker engine answers'
}

/** At two free ports of the loopback address. */
export async function startDirectory(name: string): Promise<Directory> {
  const place = await mkdtemp(path.join(tmpdir(), 'jhub-directory-'))
  await chmod(place, 0o755)
  const authority = await makeAuthority('A university', Date.now())
  const {certificate, key} = await issueCertificate(authority, ['127.0.0.1'], Date.now())
  const files = {
    'ca.pem': authority.certificate,
    'cert.pem': certificate,
    'key.pem': key,
    'slapd.conf': settings,
    people,
  }
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(place, file), text)
  await buildDebianImage(image, 'slapd', 'ldap-utils')
  await execa('docker', ['rm', '-f', name], {reject: false})
  const start =
    'slapadd -q -f /test/slapd.conf -l /test/people && exec slapd -f /test/slapd.conf -d 0 -h "ldap:/// ldaps:///"'
  const open = [636, 389].flatMap((port) => ['-p', `127.0.0.1::${String(port)}`])
  await execa('docker', ['run', '-d', '--name', name, ...open, '-v', `${place}:/test:ro`, image, 'sh', '-c', start])
  const asRoot = ['ldapmodify', '-x', '-H', 'ldap:///', '-D', `cn=root,${suffix}`, '-w', 'root']
  const change = async (...lines: readonly string[]) => {
    await execa('docker', ['exec', '-i', name, ...asRoot], {input: `${lines.join('\n')}\n`})
  }
  await until('the directory answers', async () => (await tryInContainer(name, ...asRoot)).exitCode === 0)
  const address = async (port: number) => (await execa('docker', ['port', name, String(port)])).stdout.trim()
  return {
    addresses: [`ldaps://${await address(636)}`, `ldap://${await address(389)}`],
    ca: path.join(place, 'ca.pem'),
    base: `ou=people,${suffix}`,
    bindDn: `uid=reader,ou=people,${suffix}`,
    bindPassword: 'word of reader',
    group: (each) => `cn=${each},ou=groups,${suffix}`,
    change,
    async stop() {
      await execa('docker', ['rm', '-f', '-v', name], {reject: false})
      await rm(place, {recursive: true})
    },
  }
}

/**
 * As careless as directories are: it calls a bind without a password a success. Only who is somebody may look, and only the hub's
 * own entry sees who is in which group.
 */
const settings = `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
allow bind_anon_cred
TLSCertificateFile /test/cert.pem
TLSCertificateKeyFile /test/key.pem
database mdb
suffix "${suffix}"
rootdn "cn=root,${suffix}"
rootpw root
directory /var/lib/ldap
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=groups,${suffix}" by dn.exact="uid=reader,ou=people,${suffix}" read by * none
access to * by users read by * none
`

const entry = (dn: string, ...lines: readonly string[]) => [`dn: ${dn},${suffix}`, ...lines, ''].join('\n')
const person = (uid: string, cn = uid) =>
  entry(
    cn === uid ? `uid=${uid},ou=people` : `cn=${cn},ou=people`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn: ${cn}`,
    'sn: x',
    `userPassword: word of ${uid}`,
  )
const group = (name: string, member: string) =>
  entry(`cn=${name},ou=groups`, 'objectClass: groupOfNames', `cn: ${name}`, `member: uid=${member},ou=people,${suffix}`)

const people = [
  [`dn: ${suffix}`, 'objectClass: organization', 'objectClass: dcObject', 'o: uni', 'dc: uni', ''].join('\n'),
  entry('ou=people', 'objectClass: organizationalUnit', 'ou: people'),
  entry('ou=groups', 'objectClass: organizationalUnit', 'ou: groups'),
  ...['reader', 'ana', 'ben', 'gil', 'stranger'].map((uid) => person(uid)),
  person('cleo', 'Cleo {Doe}'),
  group('staff', 'gil'),
  group('chiefs', 'ben'),
].join('\n')
