import path from 'node:path'
import {Args, Flags} from '@oclif/core'
import {collectLimitFlags, toMost} from '../../src/cli/flags/files-flags.js'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {requireNoneFailed} from '../../src/cli/files/require-none-failed.js'
import {writeCollectedCsv} from '../../src/cli/files/collected-csv.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderCollect, renderCsvPlace} from '../../src/cli/render/files/render-files.js'
import {collect, type CollectResult} from '../../src/hub/files/collect.js'

export default class FilesCollect extends HubCommand {
  static override summary = "Copy people's files to this computer: one directory for each person, and a table."
  static override description =
    'The pattern is a path below each home, as a shell reads it: `*` matches any name, `**` any directories, and a directory matches everything in it. Hidden files need a pattern that begins with a dot. Links are not followed. Servers can be running or not. After an interruption, run the same command again: it does not read again what is already here, and puts the new version of a changed file beside the earlier copy, with its time in the name. The table (CSV) has who handed in what, and when the system last saw it change.'
  static override examples = [
    '<%= config.bin %> files collect hw1.ipynb --to hw1',
    {
      description: 'Wherever people put the file',
      command: "<%= config.bin %> files collect '**/hw1*.ipynb' --to hw1 --group class",
    },
    {description: 'A whole directory', command: '<%= config.bin %> files collect project --to projects --max-size 2G'},
  ]
  static override args = {
    pattern: Args.string({
      ignoreStdin: true,
      required: true,
      description: "Which files, below each home; in quotes: 'hw*.ipynb'.",
    }),
  }
  static override flags = {
    to: Flags.string({required: true, summary: 'The directory; created if it is missing.', helpValue: 'DIR'}),
    group: Flags.string({summary: 'Only members of this group. Default: everybody except admins.', helpValue: 'GROUP'}),
    ...collectLimitFlags,
    'dry-run': dryRunFlag,
  }

  async run(): Promise<CollectResult & {readonly csv: string | null}> {
    const {args, flags} = await this.parse(FilesCollect)
    const context = this.context(flags)
    const tell = async (result: CollectResult) => {
      await this.show(renderCollect(result))
      const csv = flags['dry-run'] ? null : await writeCollectedCsv(context, result)
      if (csv !== null) await this.show(renderCsvPlace(csv))
      return csv
    }
    const result = await collect(context, {
      pattern: args.pattern,
      of: flags.group === undefined ? 'everybody' : {group: flags.group},
      directory: path.resolve(flags.to),
      most: toMost(flags, 'collect'),
      dryRun: flags['dry-run'],
      keep: tell,
    })
    const collected = {...result, csv: await tell(result)}
    requireNoneFailed('collect', collected)
    return collected
  }
}
