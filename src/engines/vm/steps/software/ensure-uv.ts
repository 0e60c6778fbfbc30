import path from 'node:path'
import type {Step} from '../../../../steps/step.js'
import {findUv, moduleWords, ownUvPath, pipInterpreter} from '../../packages/find-uv.js'
import type {LockFile} from '../../packages/locks/lock-files.js'
import type {Machine} from '../../machines/machine.js'
import {translateInstallError} from '../../../images/errors/install-error.js'

export interface UvOptions {
  readonly machine: Machine
  readonly lock: () => Promise<LockFile>
  readonly python: () => Promise<string>
  /** False when every environment stands already and nothing has to be installed. */
  readonly isNeeded: () => Promise<boolean>
}

/** uv from the machine's PATH, else the pinned one, installed by the machine's own pip and checked against its hash. */
export function ensureUv({machine, lock, python, isNeeded}: UvOptions): Step {
  let made: string | undefined
  return {
    title: 'Install uv',
    async check() {
      if (!(await isNeeded()) || (await findUv(machine, (await lock()).hash)) !== undefined) return undefined
      return {summary: 'install uv, which installs Python packages', disturbs: 'live'}
    },
    async apply({signal}) {
      const {hash, text} = await lock()
      const target = path.posix.dirname(path.posix.dirname(ownUvPath(machine, hash)))
      made = target
      await machine.files.remove(target)
      const lockPath = `${target}.txt`
      await machine.files.write(lockPath, text)
      const interpreter = await pipInterpreter(machine, await python(), `${target}-bootstrap`)
      try {
        await machine.run(
          [
            interpreter,
            ...moduleWords(machine),
            'pip',
            'install',
            '--quiet',
            '--disable-pip-version-check',
            '--no-input',
            '--no-deps',
            '--only-binary',
            ':all:',
            '--require-hashes',
            '--target',
            target,
            '-r',
            lockPath,
          ],
          {signal, env: machine.facts.networkEnvironment, cwd: '/'},
        )
      } catch (error) {
        throw translateInstallError(error, 'uv')
      }
      await Promise.all([`${target}-bootstrap`, lockPath].map((place) => machine.files.remove(place)))
    },
    async undo() {
      if (made !== undefined) {
        const places = [made, `${made}-bootstrap`, `${made}.txt`]
        await Promise.all(places.map((place) => machine.files.remove(place)))
      }
    },
  }
}
