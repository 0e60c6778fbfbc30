import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {yesFlag} from '../../src/cli/flags/flags.js'
import {askForMany, askToStop} from '../../src/cli/input/ask/ask-new-passwords.js'
import {requireOneWay} from '../../src/cli/input/require-one-way.js'
import {readPasswordFile} from '../../src/cli/input/read-input.js'
import {renderGroupPasswords, renderUserPassword} from '../../src/cli/render/user/render-users.js'
import {groupPasswords, type GroupPasswordsResult} from '../../src/hub/user/group-passwords.js'
import {userPassword, type UserPasswordResult} from '../../src/hub/user/user-password.js'

export default class UserPassword extends HubCommand {
  static override summary = 'Give somebody a new password. The old one stops working at once.'
  static override description =
    'Logins at the hub end. Open pages of a running server keep working until the server stops, so jhub asks whether to stop it; --yes stops it and --keep-server does not.'
  static override examples = [
    {description: 'Have jhub make a password', command: '<%= config.bin %> user password ana'},
    {
      description: 'Set a password of your own, from standard input',
      command: '<%= config.bin %> user password ana --password-file -',
    },
    {description: 'A class', command: '<%= config.bin %> user password --group class-a'},
    {description: 'Log out anybody who uses the old one', command: '<%= config.bin %> user password ana --yes'},
  ]
  static override args = {name: Args.string({ignoreStdin: true, description: 'The person; or give --group.'})}
  static override flags = {
    group: Flags.string({
      summary: 'For everybody in this group; asks first.',
      exclusive: ['password-file'],
      helpValue: 'GROUP',
    }),
    'password-file': Flags.string({summary: 'A file with the password, or - for standard input.', helpValue: 'PATH'}),
    'keep-server': Flags.boolean({summary: 'Leave their server running, with its open pages.'}),
    yes: yesFlag,
  }

  async run(): Promise<UserPasswordResult | GroupPasswordsResult> {
    const {flags, args} = await this.parse(UserPassword)
    const context = this.context(flags)
    const {group} = flags
    const answers = {keepServer: flags['keep-server'], yes: flags.yes, signal: this.signal}
    requireOneWay(args.name === undefined ? [] : [args.name], {group: group !== undefined}, 'jhub user password ana')
    if (args.name === undefined) {
      const result = await groupPasswords(context, group ?? '', askForMany(this.asker(flags), answers))
      await this.show(renderGroupPasswords(result))
      return result
    }
    const [given] = (await readPasswordFile(context, flags['password-file'], [args.name])).values()
    const result = await userPassword(context, args.name, given, askToStop(this.asker(flags), answers))
    await this.show(renderUserPassword(result))
    return result
  }
}
