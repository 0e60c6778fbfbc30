import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {renderServerChange} from '../../src/cli/render/render-servers.js'
import {serverStart, type ServerChangeResult} from '../../src/hub/server/server-change.js'

export default class ServerStart extends HubCommand {
  static override summary = "Start people's servers, and wait until they are ready."
  static override examples = ['<%= config.bin %> server start ana ben']
  static override strict = false
  static override args = {names: Args.string({required: true, description: 'Names, or - for standard input.'})}

  async run(): Promise<ServerChangeResult> {
    const {flags, argv} = await this.parse(ServerStart)
    const context = this.context(flags)
    const result = await serverStart(context, await readNames(context, argv.map(String)))
    await this.show(renderServerChange(result, 'started'))
    return result
  }
}
