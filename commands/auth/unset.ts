import {HubCommand} from '../../src/cli/hub-command.js'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {requireYes} from '../../src/cli/input/ask/ask.js'
import {renderAuthSet} from '../../src/cli/render/auth/render-auth.js'
import {authSet, type AuthSetResult} from '../../src/hub/auth/auth-set.js'

export default class AuthUnset extends HubCommand {
  static override summary = 'Go back to passwords: people sign in with their own again.'
  static override description =
    'People use the passwords that they had before. Those without one get a new password, which is shown once. People who are not in the settings file can no longer sign in.'
  static override examples = ['<%= config.bin %> auth unset']
  static override flags = {'dry-run': dryRunFlag, yes: yesFlag}

  async run(): Promise<AuthSetResult> {
    const {flags} = await this.parse(AuthUnset)
    const context = this.context(flags, 'tasks')
    const change = {auth: {}, askSecret: () => Promise.resolve(undefined)}
    const planned = await authSet(context, {...change, dryRun: true})
    if (!flags['dry-run'] && planned.endsLogins)
      await requireYes(this.asker(flags), {
        message: 'People sign in with passwords of the hub again, and open logins end. Continue?',
        yes: flags.yes,
        signal: this.signal,
      })
    const result = flags['dry-run'] ? planned : await authSet(context, {...change, dryRun: false})
    await this.show(renderAuthSet(result))
    return result
  }
}
