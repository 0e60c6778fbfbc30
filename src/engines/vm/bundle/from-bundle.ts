import path from 'node:path'
import type {UnpackedBundle} from '../../../bundle/read-bundle.js'
import type {Files} from '../../../host/files/files.js'
import {flattenSteps, type Step, type StepList} from '../../../steps/step.js'
import type {Machine} from '../machines/machine.js'
import {removePaths} from '../../remove-paths.js'
import {packagesThere} from './bundle-environment.js'
import {copyFile} from '../../../host/files/copy-file.js'

export interface BundleUsed {
  readonly machine: Pick<Machine, 'files' | 'layout'>
  /** The files of this computer. */
  readonly local: Files
  readonly bundle: UnpackedBundle | undefined
}

/** What has to be done before `installs` take packages from a bundle: on this computer nothing, elsewhere they are copied. */
export function fromBundle({machine, local, bundle}: BundleUsed, installs: StepList): readonly Step[] {
  if (bundle === undefined || machine.files === local) return []
  const {files, layout} = machine
  const target = packagesThere(layout)
  const names = bundle.manifest.files.flatMap(({name}) => (name.startsWith('packages/') ? [path.basename(name)] : []))
  return [
    {
      title: 'Copy the packages of the bundle',
      async check() {
        const changes = await Promise.all(flattenSteps(installs).map((step) => step.check()))
        if (changes.every((change) => change === undefined)) return undefined
        return {summary: `copy ${String(names.length)} packages from the bundle`, disturbs: 'live'}
      },
      async apply(context) {
        await files.remove(target)
        for (const [index, name] of names.entries()) {
          const from = {from: local, file: path.join(bundle.directory, 'packages', name)}
          await copyFile(from, {to: files, file: path.posix.join(target, name)}, context.signal)
          context.report({done: index + 1, total: names.length, unit: 'items', note: 'packages'})
        }
      },
      undo: () => files.remove(target),
    },
  ]
}

/** Everything is installed: what was copied goes. */
export function afterBundle({machine: {files, layout}, bundle}: Omit<BundleUsed, 'local'>): readonly Step[] {
  if (bundle === undefined) return []
  return [removePaths(files, 'Remove the copied packages', [packagesThere(layout)], layout.tools)]
}
