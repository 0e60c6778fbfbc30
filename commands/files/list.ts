import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderFileList} from '../../src/cli/render/files/render-files.js'
import {JhubError} from '../../src/errors.js'
import {listFiles, type ListFilesResult} from '../../src/hub/files/list-files.js'

export default class FilesList extends HubCommand {
  static override summary = "Show what is in people's homes: sizes for everybody, or the files of one person."
  static override description = 'Hidden files and links are left out. Servers can be running or not.'
  static override examples = [
    '<%= config.bin %> files list',
    '<%= config.bin %> files list ana',
    "<%= config.bin %> files list ana --pattern 'homework/*.ipynb'",
  ]
  static override args = {
    user: Args.string({ignoreStdin: true, description: 'One person. Default: everybody except admins.'}),
  }
  static override flags = {
    group: Flags.string({summary: 'Everybody in this group.', helpValue: 'GROUP'}),
    pattern: Flags.string({
      summary: 'Only files that match, as for `files collect`.',
      default: '**',
      helpValue: 'PATTERN',
    }),
  }

  async run(): Promise<ListFilesResult> {
    const {args, flags} = await this.parse(FilesList)
    const {user} = args
    const {group} = flags
    if (user !== undefined && group !== undefined)
      throw new JhubError('JHUB-E100', 'A name and --group do not go together', {fix: 'jhub files list ana'})
    const context = this.context(flags)
    const of = user !== undefined ? {names: [user]} : group !== undefined ? {group} : ('everybody' as const)
    const result = await listFiles(context, {
      of,
      pattern: flags.pattern,
      mostFiles: user === undefined ? 100_000 : 1_000,
    })
    await this.show(renderFileList(result))
    return result
  }
}
