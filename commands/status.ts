import {HubCommand} from '../src/cli/hub-command.js'
import {renderStatus} from '../src/cli/render/hub/render-status.js'
import {status, type StatusResult} from '../src/hub/status.js'

export default class Status extends HubCommand {
  static override summary = 'Show what runs now.'
  static override examples = ['<%= config.bin %> status', '<%= config.bin %> status --json']

  async run(): Promise<StatusResult> {
    const {flags} = await this.parse(Status)
    const result = await status(this.context(flags))
    await this.show(renderStatus(result))
    return result
  }
}
