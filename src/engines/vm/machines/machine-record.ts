import path from 'node:path'
import type {Files} from '../../../host/files/files.js'
import {machineWords, type MachineName} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'

/** On which machine a hub was put, kept where jhub itself runs: `auto` is decided once for each hub. */
export interface MachineRecord {
  read(): Promise<Exclude<MachineName, 'auto'> | undefined>
  remember(name: Exclude<MachineName, 'auto'>): Step
}

export function recordFile(state: string): string {
  return path.join(state, 'machine.json')
}

export function machineRecord(files: Files, state: string): MachineRecord {
  const file = recordFile(state)
  const read: MachineRecord['read'] = async () => {
    const text = await files.read(file)
    if (text === undefined) return undefined
    try {
      const {machine} = JSON.parse(text) as {readonly machine?: unknown}
      return isRecordable(machine) ? machine : undefined
    } catch {
      return undefined
    }
  }
  return {
    read,
    remember(name) {
      let before: string | undefined
      let isWritten = false
      return {
        title: 'Record which machine the hub runs on',
        async check() {
          return (await read()) === name
            ? undefined
            : {summary: `remember that the hub is on ${name}`, disturbs: 'live'}
        },
        async apply() {
          before = await files.read(file)
          isWritten = true
          await files.write(file, `${JSON.stringify({machine: name})}\n`, {mode: 0o600})
        },
        async undo() {
          if (!isWritten) return
          if (before !== undefined) return files.write(file, before, {mode: 0o600})
          await files.remove(file)
          if ((await files.list(state))?.length === 0) await files.remove(state)
        },
      }
    },
  }
}

function isRecordable(value: unknown): value is Exclude<MachineName, 'auto'> {
  return (
    typeof value === 'string' &&
    value !== 'auto' &&
    (machineWords.some((word) => word === value) || value.startsWith('ssh://'))
  )
}
