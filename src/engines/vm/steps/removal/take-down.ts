import type {Files} from '../../../../host/files/files.js'
import type {StepList} from '../../../../steps/step.js'
import {removePaths} from '../../../remove-paths.js'
import {givenSecretFile} from '../../../sign-in/sign-in-secret.js'
import {authorityFile} from '../../https/authority-file.js'
import {noteFile} from '../../machines/ssh/connection-note.js'
import {dataPaths, hubPaths} from '../../machines/layout.js'
import {recordFile} from '../../machines/machine-record.js'
import type {Machine} from '../../machines/machine.js'
import {stopServices} from '../stop-services.js'
import {forgetNumbers} from './forget-numbers.js'

export interface TakeDown {
  readonly machine: Machine
  /** The files of the machine that runs jhub. */
  readonly local: Files
  /** What jhub keeps of the hub on its own machine. */
  readonly state: string
  readonly deleteData: boolean
}

/** The story of `down`: homes, the shared directory and the database stay unless their end was asked for. */
export function takeDown({machine, local, state, deleteData}: TakeDown): StepList {
  const {base, files, layout, servers} = machine
  const forget = removePaths(
    local,
    'Forget which machine the hub runs on',
    [recordFile(state), noteFile(state), authorityFile(state), givenSecretFile(state)],
    state,
  )
  if (base?.holdsAll === true) return [stopServices(machine), ...base.downSteps({deleteData}), forget]
  const removeData = [
    removePaths(files, 'Delete homes and the database', dataPaths(layout), layout.data, "people's files are deleted"),
    forgetNumbers(machine),
  ]
  return [
    stopServices(machine),
    ...servers.downSteps(),
    removePaths(files, 'Remove the hub', hubPaths(layout), layout.root),
    ...(deleteData ? removeData : []),
    ...(base?.downSteps({deleteData}) ?? []),
    forget,
  ]
}
