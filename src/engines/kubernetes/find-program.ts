import {JhubError} from '../../errors.js'
import type {Commands} from '../../host/commands.js'

export interface ProgramWanted {
  readonly name: 'kind' | 'helm'
  readonly oldest: readonly [number, number]
  readonly install: string
}

export const kindWanted: ProgramWanted = {
  name: 'kind',
  oldest: [0, 27],
  install: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation   # brew, choco, or one file',
}
/** Release labels came with 3.13. */
export const helmWanted: ProgramWanted = {
  name: 'helm',
  oldest: [3, 13],
  install: 'https://helm.sh/docs/intro/install/   # brew, choco, apt, or one file',
}

export type ProgramFound =
  | {readonly state: 'found'; readonly version: string}
  | {readonly state: 'too old'; readonly version: string}
  | {readonly state: 'missing'}

export async function findProgram(commands: Commands, {name, oldest}: ProgramWanted): Promise<ProgramFound> {
  try {
    const {stdout} = await commands.run([name, 'version'], {timeoutMs: 20_000})
    const [text = '', major = 0, minor = 0] = /v(\d+)\.(\d+)(?:\.\d+)?/.exec(stdout) ?? []
    const isEnough = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])
    return {state: isEnough ? 'found' : 'too old', version: text}
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E201') return {state: 'missing'}
    throw error
  }
}
