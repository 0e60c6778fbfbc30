import path from 'node:path'
import {Flags} from '@oclif/core'
import {resetLimitFlags, toMost} from '../../src/cli/flags/files-flags.js'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {asker, requireTypedName} from '../../src/cli/input/ask/ask.js'
import {renderReset} from '../../src/cli/render/files/render-reset.js'
import {momentName} from '../../src/cli/files/moment-name.js'
import {JhubError} from '../../src/errors.js'
import {resetFiles, type ResetResult} from '../../src/hub/files/reset.js'
import {listNames} from '../../src/jupyterhub/list-names.js'

export default class FilesReset extends HubCommand {
  static override summary = 'Empty the homes of a group between sessions, after everything in them is archived here.'
  static override description =
    'Writes one archive (tar.zst) for each person. A home is emptied when its archive is whole and nothing in it changed meanwhile. Nobody in the group may have a running server. Where something cannot be archived, nothing of that person is removed.'
  static override examples = [
    '<%= config.bin %> files reset --group class --dry-run',
    '<%= config.bin %> files reset --group class --to archives/monday',
    {description: 'In a script', command: '<%= config.bin %> files reset --group class --confirm class'},
  ]
  static override flags = {
    group: Flags.string({required: true, summary: 'Whose homes.', helpValue: 'GROUP'}),
    to: Flags.string({summary: 'The directory here for the archives. Default: reset-GROUP-TIME.', helpValue: 'DIR'}),
    ...resetLimitFlags,
    confirm: Flags.string({summary: 'The name of the group, in place of typing it when asked.', helpValue: 'GROUP'}),
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
      directory: path.resolve(to ?? name.replace(/[^\p{L}\p{N}.-]/gu, '-')),
      most: toMost(flags),
      dryRun: flags['dry-run'],
      confirm: (logins) => {
        const loss = `This removes everything in the homes of ${listNames(logins)}, after it was archived here.`
        return requireTypedName(asker(flags), {name: group, given: confirm, loss, signal: this.signal})
      },
    })
    const failed = result.people.filter(({state}) => state === 'failed')
    if (failed.length === 0 || !this.jsonEnabled()) await this.show(renderReset(result))
    if (failed.length > 0)
      throw new JhubError(
        'JHUB-E601',
        `The homes of ${String(failed.length)} of ${String(result.people.length)} people were not emptied`,
        {fix: 'The same command goes on with them', details: {...result}},
      )
    return result
  }
}
