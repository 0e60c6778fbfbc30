import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import type {BundleResult} from '../../hub/bundle/bundle-create.js'

/** What a bundle is for and how it is used. */
export function renderBundle({file, bytes, platform, architecture, python, contents}: BundleResult): string {
  return [
    `Wrote ${file} (${formatRoughMemory(bytes)}).`,
    `In it: ${contents.join(', ')}.`,
    `For ${platform} ${architecture}${python === undefined ? '' : ` with Python ${python}`}.`,
    '',
    'Take the settings file along, with its directory images/ and every file that it names.',
    `Next:  jhub up --bundle ${file}   # on a computer without internet`,
  ].join('\n')
}
