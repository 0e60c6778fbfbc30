import path from 'node:path'
import {JhubError} from '../../src/errors.js'
import type {CommandOptions, CommandResult} from '../../src/host/commands.js'
import type {MemoryFiles} from './memory-files.js'

export type FakeRun = (argv: readonly string[], options?: CommandOptions) => Promise<CommandResult | undefined>

export const answer = (stdout = ''): CommandResult => ({stdout, stderr: '', exitCode: 0})

/** The programs that install: a Python, uv, and the hub's own that loads a configuration. `undefined`: another program. */
export function fakePrograms(files: MemoryFiles): FakeRun {
  return async (argv) => {
    const line = argv.join(' ')
    if (argv[1] === '-c' && argv[2]?.includes('isOpenToAll') === true) {
      return answer(JSON.stringify({path: '/usr/bin/python3', version: '3.12.1', isOpenToAll: true}))
    }
    if (line === 'uv --version') return answer('uv 0.13.0')
    if (argv[0] === 'uv' && argv[1] === 'venv') {
      const directory = argv.at(-1) ?? ''
      await files.write(path.posix.join(directory, 'bin', 'python'), 'python')
      return answer()
    }
    if (argv[0] === 'uv' && argv[1] === 'pip' && argv[2] === 'install') {
      const target = argv[argv.indexOf('--target') + 1] ?? ''
      if (argv.includes('--target')) {
        await files.write(path.posix.join(target, 'bin', 'program'), 'program')
        return answer()
      }
      const python = argv[argv.indexOf('--python') + 1] ?? ''
      if ((await files.read(python)) === undefined) throw new JhubError('JHUB-E201', `${python} is not there`)
      await files.write(path.posix.join(path.posix.dirname(python), 'jupyterhub'), 'program')
      return answer()
    }
    if (argv.includes('--show-config')) return answer()
    return undefined
  }
}
