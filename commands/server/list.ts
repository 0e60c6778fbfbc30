import {HubCommand} from '../../src/cli/hub-command.js'
import {renderServerList} from '../../src/cli/render/server/render-servers.js'
import {serverList, type ListedServer} from '../../src/hub/server/server-list.js'

export default class ServerList extends HubCommand {
  static override summary = 'List running servers.'
  static override examples = ['<%= config.bin %> server list']

  async run(): Promise<{readonly servers: readonly ListedServer[]}> {
    const {flags} = await this.parse(ServerList)
    const result = await serverList(this.context(flags))
    await this.show(renderServerList(result.servers))
    return result
  }
}
