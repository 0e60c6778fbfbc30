import {Args, Flags} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderGroupSet} from '../../src/cli/render/user/render-groups.js'
import {groupSet, type GroupSetResult} from '../../src/hub/group/group-set.js'

export default class GroupSet extends HubCommand {
  static override summary = 'Change who is in a group.'
  static override examples = ['<%= config.bin %> group set ta --add ana --add ben --remove cleo']
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'A group.'})}
  static override flags = {
    add: Flags.string({summary: 'Add this person; may be repeated.', multiple: true, helpValue: 'NAME'}),
    remove: Flags.string({summary: 'Remove this person; may be repeated.', multiple: true, helpValue: 'NAME'}),
    'dry-run': dryRunFlag,
  }

  async run(): Promise<GroupSetResult> {
    const {flags, args} = await this.parse(GroupSet)
    const {add = [], remove = []} = flags
    const result = await groupSet(this.context(flags), {name: args.name, add, remove, dryRun: flags['dry-run']})
    await this.show(renderGroupSet(result))
    return result
  }
}
