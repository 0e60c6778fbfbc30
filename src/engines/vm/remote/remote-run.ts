import {JhubError} from '../../../errors.js'
import type {CommandOptions, CommandResult} from '../../../host/commands.js'
import {AgentRefusal, type Agent} from './agent.js'

/** Runs a program on the machine behind an agent, by the same rules as `Commands.run`. */
export async function remoteRun(
  agent: Agent,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const {stdin, env, cwd, timeoutMs, signal, onLine, okExitCodes = [0]} = options
  const shown = argv.join(' ')
  const result = await ask()
  signal?.throwIfAborted()
  if (okExitCodes.includes(result.exitCode)) return result
  const output = `${result.stdout}${result.stderr}`.trimEnd().split('\n').slice(-15).join('\n')
  throw new JhubError('JHUB-E201', `\`${shown}\` ended with exit code ${String(result.exitCode)} on the machine`, {
    cause: new Error(output),
    details: {exitCode: result.exitCode, output},
  })

  async function ask(): Promise<CommandResult> {
    const request = {
      argv,
      ...(stdin === undefined ? {} : {stdin}),
      ...(env === undefined ? {} : {env}),
      ...(cwd === undefined ? {} : {cwd}),
      ...(timeoutMs === undefined ? {} : {timeoutMs}),
      stream: onLine !== undefined,
    }
    try {
      const listening = {
        ...(signal === undefined ? {} : {signal}),
        ...(onLine === undefined ? {} : {onLine}),
      }
      const {stdout, stderr, exitCode} = (await agent.ask('run', request, listening)) as CommandResult
      return {stdout: stdout.replace(/\n$/, ''), stderr: stderr.replace(/\n$/, ''), exitCode}
    } catch (error) {
      if (!(error instanceof AgentRefusal)) throw error
      if (error.code === 'TIMEOUT') throw new JhubError('JHUB-E501', `\`${shown}\` did not end in time on the machine`)
      throw new JhubError('JHUB-E201', `\`${shown}\` could not be run on the machine: ${error.message}`, {cause: error})
    }
  }
}
