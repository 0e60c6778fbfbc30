import path from 'node:path'
import {JhubError} from '../../errors.js'
import type {Files} from '../../host/files/files.js'
import type {FilesFound, Home, PlannedFile, WrittenPart} from './homes-keeper.js'

const loader = `
import json, sys, types
for name, text in json.loads(sys.stdin.buffer.readline()).items():
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
for line in iter(sys.stdin.buffer.readline, b""):
    print(json.dumps(module.main(json.loads(line))), flush=True)
`

/** The words after a Python that run `jhub_home.py` from standard input: it is written nowhere, and loads nothing of a home. */
export const homeProgramWords = ['-I', '-S', '-c', loader] as const

/** Standard input of the program, up to the first request: the texts of its files. */
export async function homeProgram(local: Pick<Files, 'read'>, assets: string): Promise<string> {
  const texts: Record<string, string> = {}
  for (const file of ['hub/jhub_names', 'vm/jhub_accounts', 'files/jhub_home']) {
    const text = await local.read(path.join(assets, `${file}.py`))
    if (text === undefined) throw new JhubError('JHUB-E001', `jhub was installed without assets/${file}.py`)
    texts[path.basename(file)] = text
  }
  return JSON.stringify(texts)
}

interface HomeAnswer {
  readonly value?: unknown
  readonly refused?: string
}

/** A home, by a way to hand a request to the program and to get its answer. */
export function homeOver(user: string, send: (request: Readonly<Record<string, unknown>>) => Promise<string>): Home {
  const ask = async (verb: string, request: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const {value, refused} = JSON.parse(await send({...request, do: verb})) as HomeAnswer
    if (refused !== undefined) throw new JhubError('JHUB-E229', `The home of ${user} cannot be used: ${refused}`)
    return value ?? undefined
  }
  const required = (value: unknown) => {
    if (value === undefined) throw new JhubError('JHUB-E229', `The home of ${user} is gone`)
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
