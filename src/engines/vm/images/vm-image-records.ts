import {renderCondaLock} from '../../../hub-spec/images/conda/conda-lock.js'
import type {ImageLock} from '../../../hub-spec/images/image-lock.js'
import {renderImageRecords, type ImageRecords} from '../../../hub-spec/images/image-records.js'
import type {ImageRecordStore} from '../../images/record-images.js'
import type {Machine} from '../machines/machine.js'
import {shortHash, type LockFile} from '../packages/locks/lock-files.js'

/** What the machine keeps of its images; nothing where the file is not there, or was damaged. */
export async function readImageRecords({files, layout}: Pick<Machine, 'files' | 'layout'>): Promise<ImageRecords> {
  const text = await files.read(layout.images)
  if (text === undefined) return new Map()
  const {parseImageRecords} = await import('../../../hub-spec/images/parse-image-records.js')
  return parseImageRecords(text)
}

/** The file of the machine that holds them. */
export function imageRecordFile(machine: Pick<Machine, 'files' | 'layout'>): ImageRecordStore {
  const {files, layout} = machine
  return {
    read: () => readImageRecords(machine),
    write: (records) =>
      records.size === 0
        ? files.remove(layout.images)
        : files.write(layout.images, renderImageRecords(records), {mode: 0o600}),
  }
}

/** What an environment is built from: the same packages for the same Python are one, whatever recipe they were chosen for. */
export function lockFileOf({python, packages, conda}: ImageLock): LockFile {
  return {text: packages, hash: shortHash(`# python: ${python}\n${packages}${renderCondaLock(conda)}`)}
}
