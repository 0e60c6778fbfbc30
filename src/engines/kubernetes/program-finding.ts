import type {Commands} from '../../host/commands.js'
import type {Finding} from '../engine.js'
import {findProgram, type ProgramWanted} from './find-program.js'

export async function programFinding(commands: Commands, wanted: ProgramWanted): Promise<Finding> {
  const found = await findProgram(commands, wanted)
  if (found.state === 'found') return {check: wanted.name, state: 'ok', found: found.version}
  return {
    check: wanted.name,
    state: 'problem',
    found: found.state === 'missing' ? 'it is not on the PATH' : found.version,
    needed: `${wanted.oldest.join('.')} or newer`,
    fix: wanted.install,
  }
}
