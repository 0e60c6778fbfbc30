import {Flags} from '@oclif/core'
import {asker, requireTypedName} from '../src/cli/input/ask.js'
import {dryRunFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderDown} from '../src/cli/render/render-down.js'
import {down, type DownResult} from '../src/hub/down.js'
import {loadSpec} from '../src/hub/session/spec-store.js'

export default class Down extends HubCommand {
  static override summary = 'Take the hub away. Homes, passwords and the spec stay.'
  static override description =
    'Ends every server, removes everything jhub put there, and looks that nothing is left. `up` finds the homes again.'
  static override examples = [
    '<%= config.bin %> down',
    {
      description: 'With homes and passwords, for ever',
      command: '<%= config.bin %> down --delete-data --confirm workshop',
    },
  ]
  static override flags = {
    'dry-run': dryRunFlag,
    'delete-data': Flags.boolean({summary: "Delete everybody's files and passwords too."}),
    confirm: Flags.string({summary: 'The name of the hub, in place of typing it when asked.', helpValue: 'NAME'}),
  }

  async run(): Promise<DownResult> {
    const {flags} = await this.parse(Down)
    const context = this.context(flags, flags['dry-run'] ? 'notes' : 'tasks')
    const {name} = (await loadSpec(context)).spec
    if (flags['delete-data'] && !flags['dry-run']) {
      const loss = `This deletes the files and passwords of everybody on ${name}.`
      await requireTypedName(asker(flags), {name, given: flags.confirm, loss, signal: this.signal})
    }
    const result = await down(context, {deleteData: flags['delete-data'], dryRun: flags['dry-run']})
    await this.show(renderDown(result, {dryRun: flags['dry-run']}))
    return result
  }
}
