import {Args, Flags} from '@oclif/core'
import {JhubError} from '../../src/errors.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {yesFlag} from '../../src/cli/flags/flags.js'
import {agreeOr, asker} from '../../src/cli/input/ask.js'
import {readPasswordFile} from '../../src/cli/input/read-input.js'
import {renderUserPassword} from '../../src/cli/render/render-users.js'
import {userPassword, type UserPasswordResult} from '../../src/hub/user/user-password.js'

export default class UserPassword extends HubCommand {
  static override summary = 'Give somebody a new password. The old one stops working at once.'
  static override description =
    'Logins at the hub end. A running server accepts the pages that are open until it stops, so you are asked whether to stop it; --yes stops it and --keep-server does not.'
  static override examples = [
    {description: 'A password made for you', command: '<%= config.bin %> user password ana'},
    {
      description: 'One of your own, from standard input',
      command: '<%= config.bin %> user password ana --password-file -',
    },
    {description: 'Whoever had the old one is out at once', command: '<%= config.bin %> user password ana --yes'},
  ]
  static override args = {name: Args.string({required: true})}
  static override flags = {
    'password-file': Flags.string({summary: 'A file with the password, or - for standard input.', helpValue: 'PATH'}),
    'keep-server': Flags.boolean({summary: 'Leave their server running, and the pages of it that are open.'}),
    yes: yesFlag,
  }

  async run(): Promise<UserPasswordResult> {
    const {flags, args} = await this.parse(UserPassword)
    const context = this.context(flags)
    const [given] = (await readPasswordFile(context, flags['password-file'], [args.name])).values()
    const mayStop = async (name: string): Promise<boolean> => {
      if (flags['keep-server']) return false
      const who = asker(flags)
      const fact = `The server of ${name} is running, and pages of it that are open keep working until it stops`
      if (!flags.yes && !who.isInteractive)
        throw new JhubError('JHUB-E104', fact, {
          fix: ['The same command with --yes, which stops it', 'The same command with --keep-server'],
        })
      return agreeOr(who, {yes: flags.yes, signal: this.signal})(`${fact}. Stop it now? What is not saved is lost.`)
    }
    const result = await userPassword(context, args.name, given, mayStop)
    await this.show(renderUserPassword(result))
    return result
  }
}
