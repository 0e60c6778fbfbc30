import {requireYes} from '../src/cli/input/ask/ask.js'
import {dryRunFlag, yesFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {describeRunning} from '../src/cli/render/hub/describe-running.js'
import {renderStop} from '../src/cli/render/hub/render-stop.js'
import {stop, type StopResult} from '../src/hub/stop.js'

export default class Stop extends HubCommand {
  static override summary = 'Stop the hub. Nothing is deleted; resume with `jhub start`.'
  static override examples = ['<%= config.bin %> stop', '<%= config.bin %> stop --dry-run']
  static override flags = {'dry-run': dryRunFlag, yes: yesFlag}

  async run(): Promise<StopResult> {
    const {flags} = await this.parse(Stop)
    const {yes, 'dry-run': dryRun} = flags
    const result = await stop(this.context(flags, dryRun ? 'notes' : 'tasks'), {
      dryRun,
      confirm: (told) =>
        requireYes(this.asker(flags), {message: describeRunning(told, '`stop` ends them'), yes, signal: this.signal}),
    })
    await this.show(renderStop(result, {dryRun}))
    return result
  }
}
