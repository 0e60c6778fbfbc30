import {Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderAuthCheck} from '../../src/cli/render/render-auth.js'
import {renderTrial} from '../../src/cli/render/render-trial.js'
import {exitCodes} from '../../src/errors.js'
import {authCheck, type AuthCheckResult} from '../../src/hub/auth/auth-check.js'
import {tryLogin} from '../../src/hub/auth/try-login.js'
import type {TrialResult} from '../../src/jupyterhub/requests/trial-requests.js'

export default class AuthCheck extends HubCommand {
  static override summary = 'Ask the provider whether people could sign in, and change nothing.'
  static override description =
    'Looks from this computer at how the provider describes itself, its certificate and its clock, and whether the secret was given. Ends with 3 when something is wrong. With --login you sign in there once by a link; the terminal shows what the provider said of you, the name that makes here, and whether it opens the hub. Nobody is let in by it.'
  static override examples = [
    '<%= config.bin %> auth check',
    {description: 'What the provider says of one account', command: '<%= config.bin %> auth check --login'},
  ]
  static override flags = {
    login: Flags.boolean({summary: 'Wait for one test login, and show what comes of it.'}),
  }

  async run(): Promise<AuthCheckResult & {readonly login?: TrialResult}> {
    const {flags} = await this.parse(AuthCheck)
    const context = this.context(flags)
    const result = await authCheck(context)
    await this.show(renderAuthCheck(result))
    if (result.findings.some(({state}) => state === 'problem')) process.exitCode = exitCodes.precondition
    if (!flags.login) return result
    const login = await tryLogin(context, (url) => {
      this.logToStderr(
        `Open this link in a private window and sign in. It works once, within ten minutes; Ctrl-C ends the wait.\n${url}`,
      )
    })
    await this.show(`\n${renderTrial(login, result.provider)}`)
    if (login.name === null) process.exitCode = exitCodes.precondition
    return {...result, login}
  }
}
