import path from 'node:path'
import {Flags} from '@oclif/core'
import {resetLimitFlags, toMost} from '../../src/cli/flags/files-flags.js'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {requireTypedName} from '../../src/cli/input/ask/ask.js'
import {renderReset} from '../../src/cli/render/files/render-reset.js'
import {momentName} from '../../src/cli/files/moment-name.js'
import {requireNoneFailed} from '../../src/cli/files/require-none-failed.js'
import {resetFiles, type ResetResult} from '../../src/hub/files/reset.js'
import {listNames} from '../../src/jupyterhub/list-names.js'

export default class FilesReset extends HubCommand {
  static override summary = 'Archive the homes of a group on this computer, then empty them.'
  static override description =
    'Writes one archive (tar.zst) for each person. A home is emptied only when its archive is complete and nothing in the home changed in the meantime. Stop the servers of the group first. If something in a home cannot be archived, nothing is removed from it.'
  static override examples = [
    '<%= config.bin %> files reset --group class --dry-run',
    '<%= config.bin %> files reset --group class --to archives/monday',
    {description: 'In a script', command: '<%= config.bin %> files reset --group class --confirm class'},
  ]
  static override flags = {
    group: Flags.string({required: true, summary: 'Whose homes.', helpValue: 'GROUP'}),
    to: Flags.string({summary: 'The directory for the archives. Default: reset-GROUP-TIME.', helpValue: 'DIR'}),
    ...resetLimitFlags,
    confirm: Flags.string({
      summary: 'The name of the group, so that you are not asked to type it.',
      helpValue: 'GROUP',
    }),
    'dry-run': dryRunFlag,
    yes: yesFlag,
  }

  async run(): Promise<ResetResult> {
    const {flags} = await this.parse(FilesReset)
    const {group, to, confirm} = flags
    const context = this.context(flags)
    const name = `reset-${group}-${momentName(new Date(context.host.clock.now()))}`
    const result = await resetFiles(context, {
      group,
      directory: to === undefined ? undefined : path.resolve(to),
      newDirectory: path.resolve(name.replace(/[^\p{L}\p{N}.-]/gu, '-')),
      most: toMost(flags, 'reset'),
      dryRun: flags['dry-run'],
      keep: (result) => this.show(renderReset(result)),
      confirm: (logins, directory) => {
        const loss = `This archives everything in the homes of ${listNames(logins)} in ${directory}, and then removes it.`
        return requireTypedName(this.asker(flags), {name: group, given: confirm, loss, signal: this.signal})
      },
    })
    await this.show(renderReset(result))
    requireNoneFailed('reset', result)
    return result
  }
}
