import {Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderAuthCheck} from '../../src/cli/render/auth/render-auth.js'
import {renderTrial} from '../../src/cli/render/auth/render-trial.js'
import {exitCodes} from '../../src/errors.js'
import {authCheck, type AuthCheckResult} from '../../src/hub/auth/auth-check.js'
import {tryLogin} from '../../src/hub/auth/try-login.js'
import type {TrialResult} from '../../src/jupyterhub/requests/trial-requests.js'

export default class AuthCheck extends HubCommand {
  static override summary = 'Ask the provider whether people could sign in, and change nothing.'
  static override description =
    "Reads the provider's own description from this computer, and checks its certificate, its clock and whether you gave the secret. Exits with 3 if something is wrong. With --login, you sign in at the provider once, with a link; the terminal shows what the provider reported about you, which name you get here, and whether you could sign in. The link lets nobody in."
  static override examples = [
    '<%= config.bin %> auth check',
    {description: 'See what the provider reports about one account', command: '<%= config.bin %> auth check --login'},
  ]
  static override flags = {
    login: Flags.boolean({summary: 'Wait for one test login, and show the result.'}),
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
        `Open this link in a private window and sign in. It works once, within ten minutes. Press Ctrl-C to stop waiting.\n${url}`,
      )
    })
    await this.show(`\n${renderTrial(login, result.provider)}`)
    if (login.name === null) process.exitCode = exitCodes.precondition
    return {...result, login}
  }
}
