import {Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {exportZ2jh, type ExportResult} from '../../src/hub/export/export-z2jh.js'

export default class ExportZ2jh extends HubCommand {
  static override summary = 'Write the chart values and commands that install the same hub without jhub.'
  static override examples = [
    '<%= config.bin %> export z2jh --output values.yaml',
    {description: 'Only look', command: '<%= config.bin %> export z2jh'},
  ]
  static override flags = {
    output: Flags.string({summary: 'The file to write. Default: print the values.', helpValue: 'FILE'}),
  }

  async run(): Promise<ExportResult> {
    const {flags} = await this.parse(ExportZ2jh)
    const result = await exportZ2jh(this.context(flags), flags.output === undefined ? {} : {output: flags.output})
    const next = result.commands.map((command) => `Next:  ${command}`)
    const notes = result.notes.map((note) => `- ${note}`)
    if (result.file === null) await this.showFile(result.values.trimEnd())
    else await this.show([`Wrote ${result.file}`, ...notes, ...next].join('\n'))
    return result
  }
}
