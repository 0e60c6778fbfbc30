import type {Checksums} from '../../../host/files/checksums.js'
import type {LocalFiles} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {Step} from '../../../steps/step.js'
import {materialsFindings} from '../../common-files/materials-finding.js'
import {openShared} from '../../common-files/open-shared.js'
import {publishMaterials} from '../../common-files/publish-materials.js'
import {treeKeeper} from '../../common-files/tree-keeper.js'
import {programTexts} from '../../python-program.js'
import {removePaths} from '../../remove-paths.js'
import type {Machine} from '../machines/machine.js'
import {askMachine} from './ask-machine.js'

export interface VmCommonFiles {
  readonly machine: Machine
  readonly local: LocalFiles
  readonly checksums: Checksums
  readonly assets: string
  readonly python: () => Promise<string>
}

/** What all people of a hub see: the materials that they read, and the directory in which they write. */
export function vmCommonFiles({machine, local, checksums, assets, python}: VmCommonFiles) {
  const {files, layout} = machine
  const isThere = async (directory: string) => (await files.stat(directory)) !== undefined
  const ask = (program: string, place: string) =>
    askMachine({machine, python, program: () => programTexts(local, assets, [`files/${program}`])}, place)
  return {
    findings: ({files: wanted}: HubSpec): Promise<readonly Finding[]> =>
      materialsFindings(local, wanted, () => isThere(layout.materials)),
    /** Copies the materials of the spec; where it names none, removes those that are there. */
    materials({files: {materials}}: HubSpec): Step {
      if (materials === undefined) return removePaths(files, 'Remove the materials', [layout.materials], layout.root)
      return publishMaterials({
        directory: materials,
        local,
        checksums,
        keeper: treeKeeper(ask('jhub_tree', layout.materials)),
        isThere: () => isThere(layout.materials),
      })
    },
    shared({files: {shared}}: HubSpec): readonly Step[] {
      return [
        openShared({
          isWanted: shared,
          ask: ask('jhub_shared', layout.shared),
          isThere: () => isThere(layout.shared),
        }),
      ]
    },
  }
}
