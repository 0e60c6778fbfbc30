import {HubCommand} from '../../src/cli/hub-command.js'
import {renderUserList} from '../../src/cli/render/user/render-users.js'
import {userList, type UserListResult} from '../../src/hub/user/user-list.js'

export default class UserList extends HubCommand {
  static override summary = 'List the people of the hub.'
  static override examples = ['<%= config.bin %> user list', '<%= config.bin %> user list --json']

  async run(): Promise<UserListResult> {
    const {flags} = await this.parse(UserList)
    const result = await userList(this.context(flags))
    await this.show(renderUserList(result))
    return result
  }
}
