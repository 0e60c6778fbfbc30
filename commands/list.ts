import {HubCommand} from '../src/cli/hub-command.js'
import {renderList} from '../src/cli/render/hub/render-list.js'
import {listHubs, type ListedHub} from '../src/hub/list.js'

export default class List extends HubCommand {
  static override summary = 'List your hubs, their state and address.'
  static override examples = ['<%= config.bin %> list', '<%= config.bin %> list --json']

  async run(): Promise<{readonly hubs: readonly ListedHub[]}> {
    const {flags} = await this.parse(List)
    const result = await listHubs(this.context(flags))
    await this.show(renderList(result.hubs))
    return result
  }
}
