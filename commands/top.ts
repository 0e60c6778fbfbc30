import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderTop} from '../src/cli/render/render-top.js'
import {showLive} from '../src/cli/screen/show-live.js'
import {top, type TopResult} from '../src/hub/top.js'

export default class Top extends HubCommand {
  static override summary = "Show what each person's server uses now, and what it may use."
  static override description =
    'Who holds the most memory comes first. In a terminal it is drawn anew every two seconds until Ctrl-C; elsewhere, and with --once or --json, it is one look over one second.'
  static override examples = ['<%= config.bin %> top', '<%= config.bin %> top --once', '<%= config.bin %> top --json']
  static override flags = {once: Flags.boolean({summary: 'One look, also in a terminal.'})}

  async run(): Promise<TopResult | undefined> {
    const {flags} = await this.parse(Top)
    const once = flags.once || this.jsonEnabled()
    const samples = top(this.context(flags), {intervalMs: once ? 1000 : 2000})
    return showLive(samples, renderTop, {once, print: (text) => this.show(text)})
  }
}
