import {requireTerminal} from '../../src/cli/input/ask/ask.js'
import {editFile} from '../../src/cli/input/edit-file.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderNext} from '../../src/cli/render/text/render-next.js'
import {configEdit, type ConfigEditResult} from '../../src/hub/config/config-edit.js'

export default class ConfigEdit extends HubCommand {
  static override summary = 'Edit the settings file in $EDITOR. It is saved only when it is valid.'
  static override examples = ['<%= config.bin %> config edit', 'EDITOR="code --wait" <%= config.bin %> config edit']

  async run(): Promise<ConfigEditResult> {
    const {flags} = await this.parse(ConfigEdit)
    const context = this.context(flags)
    requireTerminal(this.asker(flags), 'An editor needs a terminal', 'jhub config path   # and edit that file')
    const {confirm} = await import('@inquirer/prompts')
    const result = await configEdit(context, {
      edit: (file) => editFile(file),
      again: (problem) => {
        this.logToStderr(problem)
        return confirm({message: 'Edit it again?', default: true}, {signal: this.signal, output: process.stderr})
      },
    })
    await this.show(
      result.changed
        ? [`Saved ${result.spec}`, ...renderNext(['jhub plan', 'jhub up'])].join('\n')
        : 'Nothing was changed.',
    )
    return result
  }
}
