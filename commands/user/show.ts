import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderUserShow} from '../../src/cli/render/user/render-users.js'
import {userShow, type UserShowResult} from '../../src/hub/user/user-show.js'

export default class UserShow extends HubCommand {
  static override summary = 'Show one person: groups, limits and where they come from, and the server.'
  static override examples = ['<%= config.bin %> user show ana']
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'A person.'})}

  async run(): Promise<UserShowResult> {
    const {flags, args} = await this.parse(UserShow)
    const result = await userShow(this.context(flags), args.name)
    await this.show(renderUserShow(result))
    return result
  }
}
