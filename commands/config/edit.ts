import {asker} from '../../src/cli/input/ask.js'
import {editText} from '../../src/cli/input/edit-text.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {configEdit, type ConfigEditResult} from '../../src/hub/config/config-edit.js'

export default class ConfigEdit extends HubCommand {
  static override summary = 'Edit the spec in $EDITOR; it is saved only when it is right.'
  static override examples = ['<%= config.bin %> config edit', 'EDITOR="code --wait" <%= config.bin %> config edit']

  async run(): Promise<ConfigEditResult> {
    const {flags} = await this.parse(ConfigEdit)
    const result = await configEdit(this.context(flags), (source, problemOf) =>
      editText(asker(flags), {source, problemOf, signal: this.signal}),
    )
    await this.show(result.changed ? `Saved ${result.spec}\nNext:  jhub plan · jhub up` : 'Nothing was changed.')
    return result
  }
}
