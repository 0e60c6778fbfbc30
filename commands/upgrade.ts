import {requireYes} from '../src/cli/input/ask/ask.js'
import {dryRunFlag, yesFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {describeUpgrade, renderUpgrade} from '../src/cli/render/hub/render-upgrade.js'
import {upgrade, type UpgradeResult} from '../src/hub/upgrade.js'

export default class Upgrade extends HubCommand {
  static override summary = "Upgrade the hub's programs to the versions of this jhub."
  static override description =
    'Run it after you install a newer jhub. It backs up the accounts first. If the new hub does not start, the previous one runs again, with its accounts unchanged.'
  static override examples = [
    {description: 'Show the versions now and after the upgrade', command: '<%= config.bin %> upgrade --dry-run'},
    '<%= config.bin %> upgrade',
    {description: 'In a script', command: '<%= config.bin %> upgrade --yes'},
  ]
  static override flags = {'dry-run': dryRunFlag, yes: yesFlag}

  async run(): Promise<UpgradeResult> {
    const {flags} = await this.parse(Upgrade)
    const {yes, 'dry-run': dryRun} = flags
    const result = await upgrade(this.context(flags, dryRun ? 'notes' : 'tasks'), {
      dryRun,
      confirm: (told) => requireYes(this.asker(flags), {message: describeUpgrade(told), yes, signal: this.signal}),
    })
    await this.show(renderUpgrade(result))
    return result
  }
}
