import {Flags} from '@oclif/core'
import {requireTypedName, requireYes} from '../src/cli/input/ask/ask.js'
import {dryRunFlag, yesFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {describeRunning} from '../src/cli/render/hub/describe-running.js'
import {renderDown} from '../src/cli/render/hub/render-down.js'
import {down, type DownResult} from '../src/hub/down.js'
import {findStandingSpec} from '../src/hub/session/spec/standing-spec.js'

export default class Down extends HubCommand {
  static override summary = 'Remove the hub. Homes, passwords and the settings file stay.'
  static override description =
    'Stops every server, removes everything that jhub installed, and checks that nothing is left. `up` finds the homes again.'
  static override examples = [
    '<%= config.bin %> down',
    {
      description: 'Delete homes and passwords too, for ever',
      command: '<%= config.bin %> down --delete-data --confirm workshop',
    },
  ]
  static override flags = {
    'dry-run': dryRunFlag,
    yes: yesFlag,
    'delete-data': Flags.boolean({summary: "Delete everybody's files and passwords too."}),
    confirm: Flags.string({summary: 'The name of the hub, so that you are not asked to type it.', helpValue: 'NAME'}),
  }

  async run(): Promise<DownResult> {
    const {flags} = await this.parse(Down)
    const context = this.context(flags, flags['dry-run'] ? 'notes' : 'tasks')
    const {name} = (await findStandingSpec(context)).stored.spec
    if (flags['delete-data'] && !flags['dry-run']) {
      const loss = `This deletes the files and passwords of everybody on ${name}.`
      await requireTypedName(this.asker(flags), {name, given: flags.confirm, loss, signal: this.signal})
    }
    // Who typed the name of the hub has said enough.
    const yes = flags.yes || flags['delete-data']
    const result = await down(context, {
      deleteData: flags['delete-data'],
      dryRun: flags['dry-run'],
      confirm: (told) =>
        requireYes(this.asker(flags), {message: describeRunning(told, '`down` ends them'), yes, signal: this.signal}),
    })
    await this.show(renderDown(result, {dryRun: flags['dry-run']}))
    return result
  }
}
