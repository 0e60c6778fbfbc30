import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {CommandOptions, CommandResult} from '../../../host/processes/commands.js'
import {memoryAdvice} from '../../../host/processes/ended-by-kernel.js'
import {AgentRefusal, type Agent} from './agent.js'

/** Runs a program on the machine behind an agent, by the same rules as `Commands.run`. */
export async function remoteRun(
  agent: Agent,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const {stdin, env, cwd, timeoutMs, signal, onLine, okExitCodes = [0]} = options
  const shown = argv.join(' ')
  if (!(await agent.isThere())) throw new JhubError('JHUB-E201', `There is no machine yet to run \`${shown}\` on`)
  const result = await ask()
  signal?.throwIfAborted()
  if (okExitCodes.includes(result.exitCode)) return result
  const said = `${result.stdout}\n${result.stderr}`.trim().split('\n')
  throw new JhubError('JHUB-E201', `\`${shown}\` ended with exit code ${String(result.exitCode)} on the machine`, {
    cause: new Error(said.slice(-15).join('\n')),
    details: {exitCode: result.exitCode, output: said.slice(-400).join('\n')},
    ...definedOnly({fix: memoryAdvice(result.exitCode)}),
  })

  async function ask(): Promise<CommandResult> {
    const request = {
      argv,
      ...definedOnly({stdin, env, cwd, timeoutMs}),
      stream: onLine !== undefined,
    }
    try {
      const listening = definedOnly({signal, onLine, atMostMs: timeoutMs})
      const {stdout, stderr, exitCode} = (await agent.ask('run', request, listening)) as CommandResult
      return {stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, ''), exitCode}
    } catch (error) {
      if (!(error instanceof AgentRefusal)) throw error
      if (error.code === 'TIMEOUT') throw new JhubError('JHUB-E501', `\`${shown}\` did not end in time on the machine`)
      throw new JhubError('JHUB-E201', `\`${shown}\` could not be run on the machine: ${error.message}`, {cause: error})
    }
  }
}
