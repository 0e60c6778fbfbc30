import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {renderServerChange} from '../../src/cli/render/render-servers.js'
import {serverStop, type ServerChangeResult} from '../../src/hub/server/server-change.js'

export default class ServerStop extends HubCommand {
  static override summary = "Stop people's servers. Files stay."
  static override examples = ['<%= config.bin %> server stop ana']
  static override strict = false
  static override args = {names: Args.string({required: true, description: 'Names, or - for standard input.'})}

  async run(): Promise<ServerChangeResult> {
    const {flags, argv} = await this.parse(ServerStop)
    const context = this.context(flags)
    const result = await serverStop(context, await readNames(context, argv.map(String)))
    await this.show(renderServerChange(result, 'stopped'))
    return result
  }
}
