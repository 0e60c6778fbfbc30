import {Flags} from '@oclif/core'
import {logFlag} from '../src/cli/flags/log-flag.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {definedOnly} from '../src/defined-only.js'
import {logs} from '../src/hub/logs.js'

export default class Logs extends HubCommand {
  static override summary = "Show the log of the hub, the proxy, the HTTPS proxy, or a person's server."
  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs --follow',
    '<%= config.bin %> logs --user ana --lines 200',
  ]
  static override flags = {
    of: logFlag(),
    user: Flags.string({summary: "This person's server.", exclusive: ['of'], helpValue: 'NAME'}),
    lines: Flags.integer({summary: 'How many of the last lines.', default: 50, min: 0, helpValue: 'N'}),
    follow: Flags.boolean({summary: 'Keep printing new lines until Ctrl-C.'}),
  }

  async run(): Promise<{readonly lines: readonly string[]}> {
    const {flags} = await this.parse(Logs)
    const {of, user, lines, follow} = flags
    const source = await logs(this.context(flags), {
      of,
      lines,
      follow,
      ...definedOnly({user}),
    })
    const shown: string[] = []
    for await (const line of source) {
      this.log(line)
      if (!follow) shown.push(line)
    }
    return {lines: shown}
  }
}
