import {HubCommand} from '../../src/cli/hub-command.js'
import {locateSpec} from '../../src/hub/session/spec/spec-store.js'

export default class ConfigPath extends HubCommand {
  static override summary = 'Print the path of the settings file.'
  static override examples = ['<%= config.bin %> config path']

  async run(): Promise<{readonly file: string; readonly exists: boolean}> {
    const {flags} = await this.parse(ConfigPath)
    const result = await locateSpec(this.context(flags))
    await this.showFile(result.file)
    return result
  }
}
