import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderLeftOver, renderPlan, renderSignInChange, renderUnlisted} from '../src/cli/render/hub/render-plan.js'
import {exitCodes} from '../src/errors.js'
import {plan, type PlanResult} from '../src/hub/plan.js'

export default class Plan extends HubCommand {
  static override summary = 'Show what `jhub up` would change, and whom that would disturb.'
  static override examples = [
    '<%= config.bin %> plan',
    {
      description: 'For scripts: exit code 8 when the hub differs from its settings file',
      command: '<%= config.bin %> plan --exit-code',
    },
  ]
  static override flags = {
    'exit-code': Flags.boolean({summary: 'Exit with 8 if something differs.'}),
  }

  async run(): Promise<PlanResult> {
    const {flags} = await this.parse(Plan)
    const result = await plan(this.context(flags))
    await this.show(
      [
        renderPlan(result.changes),
        ...renderSignInChange(result.signIn),
        ...renderUnlisted(result.unlisted),
        ...renderLeftOver(result.rehearsal),
      ].join('\n'),
    )
    if (flags['exit-code'] && result.changes.length > 0) process.exitCode = exitCodes.differs
    return result
  }
}
