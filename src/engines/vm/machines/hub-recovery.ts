import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Files} from '../../../host/files/files.js'
import {parseOwner} from '../../../hub-spec/hub-owner.js'
import type {MachineName} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import type {HubRecovery} from '../../engine.js'
import type {MachineRecord} from './machine-record.js'
import type {Machine} from './machine.js'
import {authorityFile} from '../https/authority-file.js'
import {keepText} from '../steps/keep-text.js'
import {readAuthority} from '../https/endpoint-certificate.js'

export interface HubRecoveryOptions {
  readonly machine: Machine
  readonly name: Exclude<MachineName, 'auto'>
  /** Another machine than this one is noted for the hub here. */
  readonly isElsewhere: boolean
  readonly record: MachineRecord
  /** Notes the way to it, where that is done. */
  readonly note?: Step
  readonly local: Files
  readonly state: string
}

/** What a machine keeps of its hub: all but which machine it is, and what is to be trusted. */
export function hubRecovery({machine, name, isElsewhere, record, note, local, state}: HubRecoveryOptions): HubRecovery {
  return {
    names: () => machine.hubNames(),
    reachSteps: () => [],
    async spec() {
      if (isElsewhere) {
        throw new JhubError('JHUB-E402', `A hub of that name is known here already, on another machine than ${name}`, {
          fix: 'jhub status   # of the one that is known',
        })
      }
      return machine.files.read(machine.layout.applied)
    },
    async owner() {
      const {files, layout} = machine
      const [text, applied] = await Promise.all([files.read(layout.owner), files.read(layout.applied)])
      const owner = parseOwner(text)
      return {
        ...definedOnly({owner, applied}),
        isThere: text !== undefined || applied !== undefined,
      }
    },
    attachSteps: ({access}) => [
      record.remember(name),
      ...(note === undefined ? [] : [note]),
      ...(access.https?.by === 'internal' ? [copyAuthority(machine, local, authorityFile(state))] : []),
    ],
  }
}

/** What computers are told to trust, on this machine too. */
function copyAuthority(machine: Machine, local: Files, file: string): Step {
  const title = 'Copy what computers are told to trust'
  const copy = async () => {
    const authority = await readAuthority(machine)
    return authority === undefined
      ? undefined
      : keepText(local, {file, text: authority.certificate, what: 'what computers trust'})
  }
  return {
    title,
    async check() {
      return (await (await copy())?.check()) === undefined ? undefined : {summary: `write ${file}`, disturbs: 'live'}
    },
    async apply(context) {
      await (await copy())?.apply(context)
    },
  }
}

/** Hubs that stand beside this one, by what they keep. */
export async function hubsBeside({files, layout}: Pick<Machine, 'files' | 'layout'>): Promise<readonly string[]> {
  const [parent, applied] = [path.posix.dirname(layout.root), path.posix.basename(layout.applied)]
  const names = (await files.list(parent)) ?? []
  const kept = await Promise.all(
    names.map(async (name) => (await files.stat(path.posix.join(parent, name, applied))) !== undefined),
  )
  return names.filter((_, index) => kept[index])
}
