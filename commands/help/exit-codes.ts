import {HubCommand} from '../../src/cli/hub-command.js'
import {describeExitCodes, renderExitCodes, type ExitCodePage} from '../../src/cli/help/help-pages.js'

export default class HelpExitCodes extends HubCommand {
  static override summary = 'List the exit codes.'
  static override examples = ['<%= config.bin %> help exit-codes']

  async run(): Promise<ExitCodePage> {
    await this.parse(HelpExitCodes)
    const page = describeExitCodes()
    await this.show(renderExitCodes(page))
    return page
  }
}
