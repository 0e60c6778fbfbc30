import {authorityFile} from '../../https/authority-file.js'
import type {Clock} from '../../../../host/clock.js'
import type {Files} from '../../../../host/files/files.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'
import type {KeyPair} from '../../https/certificate.js'
import {pairFiles, readAuthority, readServer} from '../../https/endpoint-certificate.js'
import {issueCertificate, makeAuthority} from '../../https/issue-certificate.js'
import {wantedNames} from '../../https/wanted-names.js'
import {whyNewAuthority, whyRenew} from '../../https/why-renew.js'

export interface CertificateOptions {
  readonly machine: Machine
  readonly clock: Clock
  readonly spec: HubSpec
  /** The files of the machine that runs jhub, and the state of the hub there. */
  readonly local: Files
  readonly state: string
}

/**
 * The hub's own certificate authority, made once and kept with the database, and a certificate by it for the names of
 * today. A damaged authority is set aside, not lost: everybody has to trust the new one.
 */
export function ensureCertificate({machine, clock, spec, local, state}: CertificateOptions): Step {
  const {files, layout} = machine
  const copy = authorityFile(state)
  const names = wantedNames(spec.access, machine.network.otherNames())
  const made: {readonly on: Files; readonly path: string}[] = []

  const look = async () => {
    const [authority, server, copied] = await Promise.all([
      readAuthority(machine),
      readServer(machine),
      local.read(copy),
    ])
    const now = clock.now()
    const whyNew = authority === undefined ? undefined : whyNewAuthority(authority, now)
    const usable = whyNew === undefined ? authority : undefined
    return {
      usable,
      whyNew,
      server,
      whyServer: usable === undefined || server === undefined ? undefined : whyRenew(server, usable, names, now),
      isCopied: usable !== undefined && copied === usable.certificate,
    }
  }
  const write = async (name: 'ca' | 'server', pair: KeyPair) => {
    const places = pairFiles(machine, name)
    for (const part of ['key', 'certificate'] as const) {
      if ((await files.stat(places[part])) === undefined) made.push({on: files, path: places[part]})
      await files.write(places[part], pair[part], {mode: 0o600})
    }
  }
  return {
    title: 'Make the certificate of the hub',
    async check() {
      const {usable, whyNew, server, whyServer, isCopied} = await look()
      if (whyNew !== undefined) {
        return {
          summary: `make a new certificate authority: the one before ${whyNew} (everybody has to trust it again)`,
          disturbs: 'hub restarts (servers keep running)',
        }
      }
      if (usable === undefined) return {summary: 'make a certificate authority and a certificate', disturbs: 'live'}
      if (server === undefined) return {summary: 'make a certificate', disturbs: 'live'}
      if (whyServer !== undefined) {
        const summary = `make the hub's certificate again: ${whyServer}`
        return {summary, disturbs: 'hub restarts (servers keep running)'}
      }
      return isCopied ? undefined : {summary: `put the certificate that people trust at ${copy}`, disturbs: 'live'}
    },
    async apply() {
      const {usable, whyNew, server, whyServer} = await look()
      await files.makeDirectory(layout.authority, {mode: 0o700})
      if (whyNew !== undefined) {
        const {certificate, key} = pairFiles(machine, 'ca')
        for (const file of [certificate, key]) await files.rename(file, `${file}.before-${String(clock.now())}`)
      }
      const authority =
        usable ?? (await makeAuthority(`jhub ${spec.name} on ${machine.network.otherNames()[0] ?? ''}`, clock.now()))
      if (usable === undefined) await write('ca', authority)
      if (usable === undefined || server === undefined || whyServer !== undefined)
        await write('server', await issueCertificate(authority, names, clock.now()))
      if ((await local.stat(copy)) === undefined) made.push({on: local, path: copy})
      await local.write(copy, authority.certificate, {mode: 0o644})
    },
    async undo() {
      for (const {on, path: file} of made) await on.remove(file)
    },
  }
}
