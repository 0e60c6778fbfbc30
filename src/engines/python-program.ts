import path from 'node:path'
import {JhubError} from '../errors.js'
import type {Files} from '../host/files/files.js'

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
export async function programTexts(
  local: Pick<Files, 'read'>,
  assets: string,
  modules: readonly string[],
): Promise<string> {
  const texts: Record<string, string> = {}
  for (const file of modules) {
    const text = await local.read(path.join(assets, `${file}.py`))
    if (text === undefined) throw new JhubError('JHUB-E001', `jhub was installed without assets/${file}.py`)
    texts[path.basename(file)] = text
  }
  return JSON.stringify(texts)
}
