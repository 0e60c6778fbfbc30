import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import {RecipeError} from '../../../../hub-spec/images/recipes/recipe-error.js'
import type {Step} from '../../../../steps/step.js'
import {uvEnvironment} from '../../packages/find-uv.js'
import {findPython, pythonsOf} from '../../packages/find-python.js'
import {installMs} from '../../packages/locks/install-locked.js'
import type {Machine} from '../../machines/machine.js'

export interface PythonOptions {
  readonly machine: Machine
  /** As `3.12`. */
  readonly version: string
  readonly uv: () => Promise<string>
}

/** uv waits for it while it installs a Python, and makes one that everybody can open, and so hold, where there is none. */
async function shutLock(machine: Machine): Promise<void> {
  const {files, facts} = machine
  await files.makeDirectory(pythonsOf(machine), {mode: facts.uid === 0 ? 0o755 : 0o700})
  await files.write(path.posix.join(pythonsOf(machine), '.lock'), '', {mode: 0o600})
}

/** A Python of this version: the machine's own, else one that uv downloads beside the hub. */
export function ensurePython({machine, version, uv}: PythonOptions): Step {
  const {files} = machine
  const downloaded = async () => (await files.list(pythonsOf(machine))) ?? []
  let before: readonly string[] | undefined
  return {
    title: `Install Python ${version}`,
    async check() {
      const {python} = await findPython(machine, version)
      return python === undefined ? {summary: `install Python ${version}`, disturbs: 'live'} : undefined
    },
    async apply({signal}) {
      before = await downloaded()
      await shutLock(machine)
      const env = {
        ...uvEnvironment(machine),
        UV_PYTHON_DOWNLOADS: 'manual',
        UV_PYTHON_INSTALL_DIR: pythonsOf(machine),
        // Nothing of it is put on anybody's PATH.
        UV_PYTHON_INSTALL_BIN: '0',
      }
      try {
        await machine.run([await uv(), 'python', 'install', version], {signal, env, cwd: '/', timeoutMs: installMs})
      } catch (error) {
        if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
        throw new RecipeError('JHUB-E205', `Python ${version} is not on the machine, and uv could not download it`, {
          cause: error.cause,
          elsewhere: `sudo apt-get install python${version}   # on the machine, where its system has that version`,
          key: 'python',
          otherwise: 'name the Python that the machine has',
        })
      }
      if ((await findPython(machine, version)).python === undefined)
        throw new JhubError('JHUB-E200', `uv installed Python ${version}, but it does not run on the machine`)
    },
    async undo() {
      const there = before
      if (there === undefined) return
      for (const name of (await downloaded()).filter((each) => !there.includes(each)))
        await files.remove(path.posix.join(pythonsOf(machine), name))
    },
  }
}
