import {JhubError} from '../../errors.js'
import type {Files} from '../../host/files/files.js'
import type {FilesFound, Home, PlannedFile, WrittenPart} from './homes-keeper.js'
import {answerOf, programTexts, type AskProgram} from '../python-program.js'

/** Standard input of the program, up to the first request: the texts of its files. */
export function homeProgram(local: Files, assets: string): Promise<string> {
  return programTexts(local, assets, ['hub/jhub_names', 'vm/jhub_accounts', 'files/jhub_home'])
}

/** A home, by a way to hand a request to the program and to get its answer. */
export function homeOver(user: string, send: AskProgram): Home {
  const ask = async (verb: string, request: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const {value, refused} = await answerOf(send, {...request, do: verb})
    if (refused !== undefined) throw new JhubError('JHUB-E229', `The home of ${user} cannot be used: ${refused}`)
    return value ?? undefined
  }
  const required = (value: unknown) => {
    if (value === undefined) throw new JhubError('JHUB-E229', `The home of ${user} no longer exists`)
    return value
  }
  return {
    list: async (wanted) => (await ask('list', {...wanted})) as FilesFound | undefined,
    async read(parts) {
      const answers = required(await ask('read', {parts})) as readonly {readonly data?: string}[]
      return answers.map(({data}) => (data === undefined ? undefined : Buffer.from(data, 'base64')))
    },
    plan: async (files) => (await ask('plan', {files})) as readonly PlannedFile[] | undefined,
    async write(parts) {
      const sent = parts.map(({data, ...part}) => ({...part, data: Buffer.from(data).toString('base64')}))
      return required(await ask('write', {parts: sent})) as readonly WrittenPart[]
    },
    async empty() {
      required(await ask('empty'))
    },
  }
}
