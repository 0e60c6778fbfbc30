import {randomUUID} from 'node:crypto'
import path from 'node:path'
import type {Files} from './files.js'

const named = /^\.(.+)\.[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** A new name beside a file, for the text that takes its place once it is whole. `write` of `jhub_agent.py` gives the same kind. */
export function unfinishedFile(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}`)
}

/** Whether a directory's name is one of those: a jhub writes there, or was killed while it did. */
export function isUnfinished(name: string): boolean {
  return named.test(name)
}

/** What is beside a file that somebody writes, or that a killed one left. */
export async function findUnfinished(files: Pick<Files, 'list'>, file: string): Promise<readonly string[]> {
  const directory = path.dirname(file)
  const names = (await files.list(directory)) ?? []
  return names.filter((name) => named.exec(name)?.[1] === path.basename(file)).map((name) => path.join(directory, name))
}

/** Removes what killed ones left beside a file. For those who hold its lock: nobody else may be writing it. */
export async function removeUnfinished(files: Pick<Files, 'list' | 'remove'>, file: string): Promise<void> {
  for (const place of await findUnfinished(files, file)) await files.remove(place)
}
