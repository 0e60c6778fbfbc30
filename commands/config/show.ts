import {HubCommand} from '../../src/cli/hub-command.js'
import {configShow, type ConfigShowResult} from '../../src/hub/config/config-show.js'

export default class ConfigShow extends HubCommand {
  static override summary = 'Check and print the settings file; with --json, with every default.'
  static override examples = ['<%= config.bin %> config show', '<%= config.bin %> config show --json']

  async run(): Promise<ConfigShowResult> {
    const {flags} = await this.parse(ConfigShow)
    const result = await configShow(this.context(flags))
    await this.showFile(result.source.trimEnd())
    return result
  }
}
