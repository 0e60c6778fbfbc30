import type {ImageLock} from '../../../hub-spec/image-lock.js'
import {parseImageRecords, type ImageRecords} from '../../../hub-spec/image-records.js'
import type {Machine} from '../machines/machine.js'
import {shortHash, type LockFile} from './lock-files.js'

/** What the machine keeps of its images; nothing where the file is not there, or was damaged. */
export async function readImageRecords({files, layout}: Pick<Machine, 'files' | 'layout'>): Promise<ImageRecords> {
  return parseImageRecords(await files.read(layout.images))
}

/** What an environment is built from; the same packages are the same environment, whatever recipe they were chosen for. */
export function lockFileOf({packages}: ImageLock): LockFile {
  return {text: packages, hash: shortHash(packages)}
}
