import path from 'node:path'
import type {Files} from '../host/files/files.js'
import {readAssets} from './read-assets.js'

const loader = `
import json, sys, types
for name, text in json.loads(sys.stdin.buffer.readline()).items():
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)
for line in iter(sys.stdin.buffer.readline, b""):
    print(json.dumps(module.main(json.loads(line))), flush=True)
`

/** The words after a Python that run a program of `assets` from standard input: it is written nowhere, and loads nothing of a home. */
export const programWords = ['-I', '-S', '-c', loader] as const

/**
 * What comes first on standard input: the texts of these modules, of which the last answers requests, a line of JSON each.
 * Throws `JHUB-E001` when this copy of jhub lacks one.
 */
export async function programTexts(local: Files, assets: string, modules: readonly string[]): Promise<string> {
  const texts = await readAssets(
    local,
    assets,
    modules.map((module) => `${module}.py`),
  )
  return JSON.stringify(Object.fromEntries([...texts].map(([name, text]) => [path.basename(name, '.py'), text])))
}

/** Hands a request to the program, and gives the line of its answer. */
export type AskProgram = (request: Readonly<Record<string, unknown>>) => Promise<string>

/** What the program says: a value, or in its own words why it refuses. */
export interface ProgramAnswer {
  readonly value?: unknown
  readonly refused?: string
}

export async function answerOf(ask: AskProgram, request: Readonly<Record<string, unknown>>): Promise<ProgramAnswer> {
  return JSON.parse(await ask(request)) as ProgramAnswer
}
