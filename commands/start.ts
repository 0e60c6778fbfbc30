import {yesFlag} from '../src/cli/flags/flags.js'
import {agreeOr} from '../src/cli/input/ask/ask.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderUp} from '../src/cli/render/hub/render-up.js'
import {start} from '../src/hub/start.js'
import type {UpResult} from '../src/hub/up.js'

export default class Start extends HubCommand {
  static override summary = 'Start a stopped hub.'
  static override description =
    'Like `up`, for a hub that has a settings file: it also changes anything else that differs.'
  static override examples = ['<%= config.bin %> start']
  static override flags = {yes: yesFlag}

  async run(): Promise<UpResult> {
    const {flags} = await this.parse(Start)
    const context = this.context(flags, 'tasks', agreeOr(this.asker(flags), {yes: flags.yes, signal: this.signal}))
    const result = await start(context)
    await this.show(renderUp(result, {dryRun: false}))
    return result
  }
}
