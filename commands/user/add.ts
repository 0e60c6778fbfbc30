import {Args, Flags} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames, readPasswordFile, requireOneReader} from '../../src/cli/input/read-input.js'
import {renderUserAdd} from '../../src/cli/render/user/render-users.js'
import {userAdd, type UserAddResult} from '../../src/hub/user/user-add.js'

export default class UserAdd extends HubCommand {
  static override summary = 'Add people; each gets a password.'
  static override description =
    'Names may be e-mail addresses or numbers. People who are already on the hub are not changed: `jhub user set` and `jhub user password` do that.'
  static override examples = [
    '<%= config.bin %> user add ana ben',
    {
      description: 'Add a class, one name on each line',
      command: '<%= config.bin %> user add - --group class-a < names.txt',
    },
    {
      description: 'Set passwords of your own, in lines of name:password',
      command: '<%= config.bin %> user add ana ben --password-file passwords.txt',
    },
  ]
  static override strict = false
  static override args = {
    names: Args.string({ignoreStdin: true, required: true, description: 'Names, or - for standard input.'}),
  }
  static override flags = {
    admin: Flags.boolean({summary: 'Make them admins.'}),
    group: Flags.string({summary: 'Add them to this group; may be repeated.', multiple: true, helpValue: 'GROUP'}),
    'password-file': Flags.string({
      summary: 'A file of name:password lines (or just the password, for one person).',
      helpValue: 'PATH',
    }),
    'dry-run': dryRunFlag,
  }

  async run(): Promise<UserAddResult> {
    const {flags, argv} = await this.parse(UserAdd)
    const context = this.context(flags)
    const words = argv.map(String)
    requireOneReader(words, flags['password-file'])
    const names = await readNames(context, words)
    const result = await userAdd(context, {
      names,
      admin: flags.admin,
      groups: flags.group ?? [],
      passwords: await readPasswordFile(context, flags['password-file'], names),
      dryRun: flags['dry-run'],
    })
    await this.show(renderUserAdd(result, {areAdmins: flags.admin}))
    return result
  }
}
