import {createHash, randomUUID} from 'node:crypto'
import path from 'node:path'
import type {Host} from '../host.js'

const named = /^\.jhub-([\da-f]{8})-(\d+)-([\da-f]{8})-[\da-f-]{36}\.part$/

/** A new name in a directory for a file that is not whole yet. It says which process of which computer writes it. */
export async function newPartFile({processes, system}: Writers, directory: string): Promise<string> {
  const startTime = (await processes.startTime(process.pid)) ?? ''
  const writer = [digestOf(system.hostName), String(process.pid), digestOf(startTime)].join('-')
  return path.join(directory, `.jhub-${writer}-${randomUUID()}.part`)
}

/** Removes such files of this computer whose writer was killed. */
export async function removeLeftParts(host: Writers & Pick<Host, 'files'>, directory: string): Promise<void> {
  const {files, processes, system} = host
  for (const name of (await files.list(directory)) ?? []) {
    const [, computer, pid, started] = named.exec(name) ?? []
    if (computer !== digestOf(system.hostName)) continue
    const startTime = await processes.startTime(Number(pid))
    if (startTime === undefined || digestOf(startTime) !== started) await files.remove(path.join(directory, name))
  }
}

type Writers = Pick<Host, 'processes' | 'system'>

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}
