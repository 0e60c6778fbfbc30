import {Args, Flags} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {requireOneWay} from '../../src/cli/input/require-one-way.js'
import {problemsOf, renderSend} from '../../src/cli/render/files/render-files.js'
import {JhubError} from '../../src/errors.js'
import {send, type SendResult} from '../../src/hub/files/send.js'

export default class FilesSend extends HubCommand {
  static override summary = "Copy files from this computer into people's homes. Existing files are never replaced."
  static override description =
    'Each person owns their copy. If a person has a different file of that name, the copy is put beside it (`hw1-Copy1.ipynb`), and the command says so. A person who already has the very same file gets nothing. Directories are sent without hidden files and links. Servers can be running or not.'
  static override examples = [
    '<%= config.bin %> files send hw1.ipynb data.csv --all',
    '<%= config.bin %> files send hw1/ --group class',
    '<%= config.bin %> files send notes.pdf --to ana --to ben',
  ]
  static override strict = false
  static override args = {
    files: Args.string({ignoreStdin: true, required: true, description: 'Files and directories.'}),
  }
  static override flags = {
    to: Flags.string({
      summary: 'One person; several with several --to.',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
    }),
    group: Flags.string({summary: 'Everybody in this group.', helpValue: 'GROUP'}),
    all: Flags.boolean({summary: 'Everybody except admins.'}),
    'dry-run': dryRunFlag,
  }

  async run(): Promise<SendResult> {
    const {flags, argv} = await this.parse(FilesSend)
    const {to = [], group, all} = flags
    requireOneWay(undefined, {to: to.length > 0, group: group !== undefined, all}, 'jhub files send hw1.ipynb --all')
    const context = this.context(flags)
    const result = await send(context, {
      files: argv.map(String),
      to: to.length > 0 ? {names: to} : group === undefined ? 'everybody' : {group},
      dryRun: flags['dry-run'],
    })
    const failed = result.people.filter((person) => problemsOf(person).length > 0)
    if (failed.length === 0 || !this.jsonEnabled()) await this.show(renderSend(result))
    if (failed.length > 0)
      throw new JhubError(
        'JHUB-E601',
        `Could not send everything to ${String(failed.length)} of ${String(result.people.length)} people`,
        {
          fix: 'Run the same command again: it sends what is missing',
          details: {...result},
        },
      )
    return result
  }
}
