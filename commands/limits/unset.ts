import {Args} from '@oclif/core'
import {dryRunFlag, limitScopeFlags} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {limitKeys, limitScope} from '../../src/cli/flags/limit-flags.js'
import {renderLimitsChange} from '../../src/cli/render/render-limits.js'
import {limitsUnset, type LimitsChangeResult} from '../../src/hub/limits/limits-change.js'

export default class LimitsUnset extends HubCommand {
  static override summary = 'Remove limits; the next wider limit applies again.'
  static override examples = [
    {description: 'Remove all limits of one person', command: '<%= config.bin %> limits unset --user ana'},
    {description: 'Remove one of the defaults', command: '<%= config.bin %> limits unset cpu'},
  ]
  static override strict = false
  static override args = {
    keys: Args.string({
      ignoreStdin: true,
      description: 'memory, memory-guarantee, cpu, cpu-guarantee or servers. Default: all.',
    }),
  }
  static override flags = {...limitScopeFlags, 'dry-run': dryRunFlag}

  async run(): Promise<LimitsChangeResult> {
    const {flags, argv} = await this.parse(LimitsUnset)
    const result = await limitsUnset(this.context(flags), {
      scope: limitScope(flags),
      keys: limitKeys(argv.map(String)),
      dryRun: flags['dry-run'],
    })
    await this.show(renderLimitsChange(result))
    return result
  }
}
