import {JhubError} from '../../../errors.js'
import type {InstallTools, Machine} from '../machines/machine.js'
import {findPython} from './find-python.js'
import {findUv} from './find-uv.js'
import type {LockFile} from './locks/lock-files.js'

/** Python and uv of a machine, each looked for when it is first needed. Throws `JHUB-E200` where no Python fits. */
export function installTools(machine: Machine, uvLock: () => Promise<LockFile>): InstallTools {
  const found = new Map<string | undefined, Promise<string>>()
  return {
    python(version) {
      const python = found.get(version) ?? requirePython(machine, version)
      found.set(version, python)
      return python
    },
    async uv() {
      const uv = await findUv(machine, (await uvLock()).hash)
      if (uv === undefined) throw new JhubError('JHUB-E001', 'uv was asked for before it was installed')
      return uv
    },
  }
}

async function requirePython(machine: Machine, version?: string): Promise<string> {
  const {python} = await findPython(machine, version)
  if (python === undefined && version !== undefined)
    throw new JhubError('JHUB-E200', `There is no Python ${version} on the machine`, {fix: 'jhub up'})
  if (python === undefined)
    throw new JhubError('JHUB-E200', 'No Python on this machine can run a hub', {fix: 'jhub doctor'})
  return python.path
}
