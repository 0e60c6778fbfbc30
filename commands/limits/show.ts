import {Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderLimits} from '../../src/cli/render/render-limits.js'
import {limitsShow, type LimitsShowResult} from '../../src/hub/limits/limits-show.js'

export default class LimitsShow extends HubCommand {
  static override summary = 'Show the limits that are set, and those in force for running servers.'
  static override examples = ['<%= config.bin %> limits show', '<%= config.bin %> limits show --user ana']
  static override flags = {
    user: Flags.string({summary: 'For one person: the limits in effect, and where they come from.', helpValue: 'NAME'}),
  }

  async run(): Promise<LimitsShowResult> {
    const {flags} = await this.parse(LimitsShow)
    const result = await limitsShow(this.context(flags), flags.user === undefined ? {} : {user: flags.user})
    await this.show(renderLimits(result))
    return result
  }
}
