import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import {normaliseUserName} from '../../../hub-spec/people/user-name.js'
import {questionText, type Asker} from './ask.js'

export interface NewHubAnswers {
  readonly mode?: 'vm' | 'k8s'
  readonly admin?: string
}

/** Asks for what a first `up` was not told, the recommended answer first; where nobody can be asked, for nothing. */
export async function askNewHub(
  {isInteractive}: Asker,
  given: NewHubAnswers & {readonly yes: boolean; readonly isMachineGiven: boolean},
  signal: AbortSignal,
): Promise<NewHubAnswers> {
  const known = definedOnly({mode: given.mode, admin: given.admin})
  if (!isInteractive || given.yes) return known
  const {input, select} = await import('@inquirer/prompts')
  const context = {signal, output: process.stderr}
  const mode =
    given.mode ??
    (given.isMachineGiven
      ? 'vm'
      : await select(
          {
            message: 'Where should the hub run?',
            choices: [
              {
                value: 'vm',
                name: 'On this computer',
                description: questionText('In Docker if it is running, otherwise next to your own programs.'),
              },
              {
                value: 'k8s',
                name: 'On Kubernetes',
                description: questionText('In a small cluster that jhub makes in Docker with kind.'),
              },
            ] as const,
          },
          context,
        ))
  const admin =
    given.admin ??
    (await input({message: 'Who is the admin?', default: 'admin', required: true, validate: validName}, context))
  return {mode, admin}
}

/** Whether a name can be one; else why not, for the person to type another. */
export function validName(text: string): true | string {
  try {
    normaliseUserName(text)
    return true
  } catch (error) {
    if (error instanceof JhubError) return questionText([error.message, ...error.suggestions].join('. '))
    throw error
  }
}
