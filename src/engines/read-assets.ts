import path from 'node:path'
import {JhubError} from '../errors.js'
import type {Files} from '../host/files/files.js'

/** The text of a file that was shipped with jhub. Throws `JHUB-E001` when this copy of jhub lacks it. */
export async function readAsset(files: Files, file: string): Promise<string> {
  const text = await files.read(file)
  if (text === undefined) {
    throw new JhubError('JHUB-E001', `${file} is missing: this copy of jhub is incomplete`, {
      fix: 'Install jhub again.',
    })
  }
  return text
}

/** The texts of files below `assets`, by their names without directories. Throws as `readAsset` does. */
export async function readAssets(
  files: Files,
  assets: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(names.map((name) => readAsset(files, path.join(assets, name))))
  return new Map(names.map((name, index) => [path.basename(name), texts[index] ?? '']))
}
