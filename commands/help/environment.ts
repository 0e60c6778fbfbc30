import {HubCommand} from '../../src/cli/hub-command.js'
import {describeEnvironment, renderEnvironment, type EnvironmentPage} from '../../src/cli/help/help-pages.js'

export default class HelpEnvironment extends HubCommand {
  static override summary = 'List the environment variables that jhub reads.'
  static override examples = ['<%= config.bin %> help environment']

  async run(): Promise<EnvironmentPage> {
    await this.parse(HelpEnvironment)
    const page = describeEnvironment()
    await this.show(renderEnvironment(page))
    return page
  }
}
