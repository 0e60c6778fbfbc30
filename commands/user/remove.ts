import {Args, Flags} from '@oclif/core'
import {requireTypedName} from '../../src/cli/input/ask/ask.js'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {renderUserRemove} from '../../src/cli/render/user/render-users.js'
import {userRemove, type UserRemoveResult} from '../../src/hub/user/user-remove.js'

export default class UserRemove extends HubCommand {
  static override summary = 'Remove people, with their servers, tokens and passwords. Their files stay.'
  static override examples = [
    '<%= config.bin %> user remove ana',
    {
      description: 'With their files, for ever',
      command: '<%= config.bin %> user remove ana --delete-data --confirm ana',
    },
  ]
  static override strict = false
  static override args = {
    names: Args.string({ignoreStdin: true, required: true, description: 'Names, or - for standard input.'}),
  }
  static override flags = {
    'delete-data': Flags.boolean({summary: 'Delete their files too.'}),
    confirm: Flags.string({summary: 'The first name, so that you are not asked to type it.', helpValue: 'NAME'}),
    'dry-run': dryRunFlag,
    yes: yesFlag,
  }

  async run(): Promise<UserRemoveResult> {
    const {flags, argv} = await this.parse(UserRemove)
    const context = this.context(flags)
    const names = await readNames(context, argv.map(String))
    if (flags['delete-data'] && !flags['dry-run']) {
      const loss = `This deletes the files of ${names.join(', ')}.`
      await requireTypedName(this.asker(flags), {name: names[0] ?? '', given: flags.confirm, loss, signal: this.signal})
    }
    const result = await userRemove(context, {
      names,
      deleteData: flags['delete-data'],
      dryRun: flags['dry-run'],
    })
    await this.show(renderUserRemove(result))
    return result
  }
}
