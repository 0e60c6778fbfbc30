import {dryRunFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderStop} from '../src/cli/render/render-stop.js'
import {stop, type StopResult} from '../src/hub/stop.js'

export default class Stop extends HubCommand {
  static override summary = 'Stop the hub for a while. Everything is kept; `start` goes on.'
  static override examples = ['<%= config.bin %> stop', '<%= config.bin %> stop --dry-run']
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<StopResult> {
    const {flags} = await this.parse(Stop)
    const result = await stop(this.context(flags, flags['dry-run'] ? 'notes' : 'tasks'), {dryRun: flags['dry-run']})
    await this.show(renderStop(result, {dryRun: flags['dry-run']}))
    return result
  }
}
