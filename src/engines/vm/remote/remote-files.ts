import type {FileFacts, Files} from '../../../host/files/files.js'
import type {Agent, AskOptions} from './agent.js'
import {translateRefusal} from './translate-refusal.js'

/** Homes may hold millions of files. */
const removalMs = 6 * 3_600_000

/** The file system of a machine behind an agent. On a machine that is not there, nothing is there. */
export function remoteFiles(agent: Agent): Files {
  const look = async <T>(verb: string, request: Readonly<Record<string, unknown>>): Promise<T | undefined> => {
    if (!(await agent.isThere())) return undefined
    return ((await change(verb, request)) ?? undefined) as T | undefined
  }
  const change = async (
    verb: string,
    request: Readonly<Record<string, unknown>>,
    options: AskOptions = {},
  ): Promise<unknown> => {
    try {
      return await agent.ask(verb, request, options)
    } catch (error) {
      throw translateRefusal(String(request['path']), error)
    }
  }
  return {
    read: (path) => look<string>('read', {path}),
    list: (path) => look<readonly string[]>('list', {path}),
    stat: (path) => look<FileFacts>('stat', {path}),
    readFrom: (path, offset) => look<{text: string; end: number}>('readFrom', {path, offset}),
    freeBytes: async (path) => (await look<number>('freeBytes', {path})) ?? 0,
    async write(path, text, options) {
      await change('write', {path, text, ...options})
    },
    async append(path, text) {
      await change('append', {path, text})
    },
    async readBytes(path, offset, length) {
      return Buffer.from(String(await change('readBytes', {path, offset, length})), 'base64')
    },
    async appendBytes(path, bytes) {
      await change('appendBytes', {path, bytes: Buffer.from(bytes).toString('base64')})
    },
    async makeDirectory(path, options) {
      await change('makeDirectory', {path, ...options})
    },
    async remove(path) {
      if (await agent.isThere()) await change('remove', {path}, {atMostMs: removalMs})
    },
    async rename(path, to) {
      await change('rename', {path, to})
    },
    async setMode(path, mode) {
      await change('setMode', {path, mode})
    },
  }
}
