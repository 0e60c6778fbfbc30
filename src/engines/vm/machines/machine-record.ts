import path from 'node:path'
import type {Files} from '../../../host/files/files.js'
import {machineWords, type MachineName} from '../../../hub-spec/place/machine-name.js'
import type {Step} from '../../../steps/step.js'
import {writeText} from '../../../steps/write-text.js'

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
    remember: (name) =>
      writeText({
        title: 'Record which machine the hub runs on',
        summary: `record that the hub is on ${name}`,
        files,
        file,
        text: `${JSON.stringify({machine: name})}\n`,
        directory: state,
      }),
  }
}

function isRecordable(value: unknown): value is Exclude<MachineName, 'auto'> {
  return (
    typeof value === 'string' &&
    value !== 'auto' &&
    (machineWords.some((word) => word === value) || value.startsWith('ssh://'))
  )
}
