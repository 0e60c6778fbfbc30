import {Args, Flags} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {JhubError} from '../../src/errors.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderUserSet} from '../../src/cli/render/user/render-users.js'
import {shellWord} from '../../src/hub-spec/shell-word.js'
import {userSet, type UserSetResult} from '../../src/hub/user/user-set.js'

export default class UserSet extends HubCommand {
  static override summary = 'Change whether people are admins, and their groups.'
  static override examples = [
    '<%= config.bin %> user set ana --admin',
    '<%= config.bin %> user set ana --no-admin',
    '<%= config.bin %> user set ben --group ta --no-group class-a',
  ]
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'A person.'})}
  static override flags = {
    admin: Flags.boolean({summary: 'Make them admins; --no-admin undoes that.', allowNo: true}),
    group: Flags.string({summary: 'Add them to this group; may be repeated.', multiple: true, helpValue: 'GROUP'}),
    'no-group': Flags.string({
      summary: 'Remove them from this group; may be repeated.',
      multiple: true,
      helpValue: 'GROUP',
    }),
    'dry-run': dryRunFlag,
  }

  async run(): Promise<UserSetResult> {
    const {flags, args} = await this.parse(UserSet)
    if (!['admin', 'group', 'no-group'].some((flag) => flag in flags))
      throw new JhubError('JHUB-E100', 'Nothing to change was named', {
        fix: [`jhub user set ${shellWord(args.name)} --admin`, `jhub user set ${shellWord(args.name)} --group GROUP`],
      })
    const result = await userSet(this.context(flags), {
      name: args.name,
      admin: flags.admin,
      addGroups: flags.group ?? [],
      removeGroups: flags['no-group'] ?? [],
      dryRun: flags['dry-run'],
    })
    await this.show(renderUserSet(result))
    return result
  }
}
