import {HubCommand} from '../../src/cli/hub-command.js'
import {renderGroupList} from '../../src/cli/render/user/render-groups.js'
import {groupList, type ListedGroup} from '../../src/hub/group/group-list.js'

export default class GroupList extends HubCommand {
  static override summary = 'List groups, their members and limits.'
  static override examples = ['<%= config.bin %> group list']

  async run(): Promise<{readonly groups: readonly ListedGroup[]}> {
    const {flags} = await this.parse(GroupList)
    const result = await groupList(this.context(flags))
    await this.show(renderGroupList(result.groups))
    return result
  }
}
