import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {authDocument, authFlags, secretFileFlag} from '../../src/cli/flags/auth-flags.js'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {requireYes} from '../../src/cli/input/ask/ask.js'
import {askSecret, readSecretFile} from '../../src/cli/input/read-secret.js'
import {renderAuthSet} from '../../src/cli/render/auth/render-auth.js'
import {renderSignInChange} from '../../src/cli/render/hub/render-plan.js'
import {authMethods} from '../../src/hub-spec/auth/auth-document.js'
import {authSet, type AuthSetResult} from '../../src/hub/auth/auth-set.js'
import {definedOnly, ifDefined} from '../../src/defined-only.js'

export default class AuthSet extends HubCommand {
  static override summary = 'Change how people sign in.'
  static override description =
    'Replaces the settings of the previous method. Only people in the settings file can sign in, unless you allow more. With another method or provider, everybody has to sign in again. The hub restarts, servers keep running, and homes stay with their names. --dry-run says who gains and who loses access.'
  static override examples = [
    {
      description: 'Any OpenID Connect provider',
      command: '<%= config.bin %> auth set oidc --issuer https://login.uni.example --client-id hub',
    },
    {
      description: 'Let in everybody of a Google domain',
      command: '<%= config.bin %> auth set google --client-id ID --allow-domain uni.example --secret-file secret.txt',
    },
    {description: 'One password for a room', command: '<%= config.bin %> auth set shared-password'},
  ]
  static override args = {
    method: Args.string({
      ignoreStdin: true,
      required: true,
      options: [...authMethods],
      description: 'How people sign in.',
    }),
  }
  static override flags = {...authFlags, 'secret-file': secretFileFlag, 'dry-run': dryRunFlag, yes: yesFlag}

  async run(): Promise<AuthSetResult> {
    const {flags, args} = await this.parse(AuthSet)
    const context = this.context(flags, 'tasks')
    const who = this.asker(flags)
    const file = flags['secret-file']
    const method = authMethods.find((each) => each === args.method) ?? 'password'
    const options = {
      auth: authDocument(method, flags),
      askSecret: (what: string) => askSecret(who, what, this.signal),
      ...definedOnly({secret: await ifDefined(file, readSecretFile)}),
    }
    if (!flags['dry-run']) {
      const told = await authSet(context, {...options, dryRun: true})
      const again = told.endsLogins ? 'Everybody has to sign in again. ' : ''
      await requireYes(who, {
        message: [...renderSignInChange(told), `${again}Continue?`].join('\n'),
        yes: flags.yes,
        signal: this.signal,
      })
    }
    const result = await authSet(context, {...options, dryRun: flags['dry-run']})
    await this.show(renderAuthSet(result))
    return result
  }
}
