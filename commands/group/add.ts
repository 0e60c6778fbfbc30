import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderGroupChange} from '../../src/cli/render/user/render-groups.js'
import type {GroupAddResult} from '../../src/hub/group/group-add.js'
import {groupAdd} from '../../src/hub/group/group-add.js'

export default class GroupAdd extends HubCommand {
  static override summary = 'Add groups.'
  static override examples = ['<%= config.bin %> group add ta']
  static override strict = false
  static override args = {names: Args.string({ignoreStdin: true, required: true, description: 'Names of groups.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<GroupAddResult> {
    const {flags, argv} = await this.parse(GroupAdd)
    const result = await groupAdd(this.context(flags), {names: argv.map(String), dryRun: flags['dry-run']})
    await this.show(renderGroupChange(result))
    return result
  }
}
