import {dryRunFlag, limitScopeFlags, limitValueFlags} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {limitScope, limitValues} from '../../src/cli/flags/limit-flags.js'
import {renderLimitsChange} from '../../src/cli/render/render-limits.js'
import {limitsSet, type LimitsChangeResult} from '../../src/hub/limits/limits-change.js'

export default class LimitsSet extends HubCommand {
  static override summary = 'Set how much memory and how many cores a server may use.'
  static override description =
    'For everybody, unless a person, a group or the whole hub is named. Running servers get the new limit at once where the machine or the cluster can do that; the others are listed, and need a restart.'
  static override examples = [
    {description: 'Everybody', command: '<%= config.bin %> limits set --memory 2G --cpu 1'},
    {description: 'One person, more', command: '<%= config.bin %> limits set --user ana --memory 4G'},
    {description: 'The whole hub', command: '<%= config.bin %> limits set --total --memory 12G --servers 40'},
  ]
  static override flags = {...limitScopeFlags, ...limitValueFlags, 'dry-run': dryRunFlag}

  async run(): Promise<LimitsChangeResult> {
    const {flags} = await this.parse(LimitsSet)
    const result = await limitsSet(this.context(flags), {
      scope: limitScope(flags),
      values: limitValues(flags),
      dryRun: flags['dry-run'],
    })
    await this.show(renderLimitsChange(result))
    return result
  }
}
