import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderGroupChange} from '../../src/cli/render/user/render-groups.js'
import type {GroupAddResult} from '../../src/hub/group/group-add.js'
import {groupRemove} from '../../src/hub/group/group-remove.js'

export default class GroupRemove extends HubCommand {
  static override summary = 'Remove groups; their members stay.'
  static override examples = ['<%= config.bin %> group remove ta']
  static override strict = false
  static override args = {names: Args.string({ignoreStdin: true, required: true, description: 'Names of groups.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<GroupAddResult> {
    const {flags, argv} = await this.parse(GroupRemove)
    const result = await groupRemove(this.context(flags), {names: argv.map(String), dryRun: flags['dry-run']})
    await this.show(renderGroupChange(result))
    return result
  }
}
