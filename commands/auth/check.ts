import {HubCommand} from '../../src/cli/hub-command.js'
import {renderAuthCheck} from '../../src/cli/render/render-auth.js'
import {exitCodes} from '../../src/errors.js'
import {authCheck, type AuthCheckResult} from '../../src/hub/auth/auth-check.js'

export default class AuthCheck extends HubCommand {
  static override summary = 'Ask the provider whether people could sign in, and change nothing.'
  static override description =
    'Looks from this computer at how the provider describes itself, its certificate and its clock, and whether the secret was given. Ends with 3 when something is wrong.'
  static override examples = ['<%= config.bin %> auth check']

  async run(): Promise<AuthCheckResult> {
    const {flags} = await this.parse(AuthCheck)
    const result = await authCheck(this.context(flags))
    await this.show(renderAuthCheck(result))
    if (result.findings.some(({state}) => state === 'problem')) process.exitCode = exitCodes.precondition
    return result
  }
}
