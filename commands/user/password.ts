import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readPasswordFile} from '../../src/cli/input/read-input.js'
import {renderUserPassword} from '../../src/cli/render/render-users.js'
import {userPassword, type UserPasswordResult} from '../../src/hub/user/user-password.js'

export default class UserPassword extends HubCommand {
  static override summary = 'Give somebody a new password, at once; the old one ends.'
  static override examples = [
    {description: 'A password made for you, shown once', command: '<%= config.bin %> user password ana'},
    {
      description: 'One of your own, from standard input',
      command: '<%= config.bin %> user password ana --password-file -',
    },
  ]
  static override args = {name: Args.string({required: true})}
  static override flags = {
    'password-file': Flags.string({summary: 'A file with the password, or - for standard input.', helpValue: 'PATH'}),
  }

  async run(): Promise<UserPasswordResult> {
    const {flags, args} = await this.parse(UserPassword)
    const context = this.context(flags)
    const [given] = (await readPasswordFile(context, flags['password-file'], [args.name])).values()
    const result = await userPassword(context, args.name, given)
    await this.show(renderUserPassword(result))
    return result
  }
}
