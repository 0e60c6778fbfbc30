import {Args, Flags} from '@oclif/core'
import {dryRunFlag, yesFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {agreeToImport} from '../../src/cli/input/ask/agree-import.js'
import {readPeopleFile} from '../../src/cli/input/people/read-people-file.js'
import {isWholePreview, renderImportPreview, renderUserImport} from '../../src/cli/render/user/render-user-import.js'
import {planImport, userImport, type UserImportResult} from '../../src/hub/user/user-import.js'

export default class UserImport extends HubCommand {
  static override summary = 'Add the people in a table (CSV, TSV or XLSX) from Moodle, Canvas or Excel.'
  static override description =
    "jhub recognizes columns by their headings, in many languages. The login comes from the file's login or id column, or else from the part of the e-mail address before the @, or else from the name. No two people get the same login. Importing the same file again changes nothing."
  static override examples = [
    '<%= config.bin %> user import participants.csv --group class-a',
    {description: 'Look first', command: '<%= config.bin %> user import participants.xlsx --dry-run'},
    {
      description: 'Use another column as the login',
      command: '<%= config.bin %> user import grades.csv --login-column "Email address"',
    },
  ]
  static override args = {
    file: Args.string({ignoreStdin: true, required: true, description: 'The file, or - for standard input.'}),
  }
  static override flags = {
    'login-column': Flags.string({summary: 'The column of logins: its heading, or its number.', helpValue: 'COLUMN'}),
    'name-column': Flags.string({summary: 'The column of names.', helpValue: 'COLUMN'}),
    'email-column': Flags.string({summary: 'The column of e-mail addresses.', helpValue: 'COLUMN'}),
    'group-column': Flags.string({summary: 'The column of groups.', helpValue: 'COLUMN'}),
    group: Flags.string({summary: 'Add everybody in the file to this group.', helpValue: 'GROUP'}),
    'remove-absent': Flags.boolean({
      summary: 'Remove people who are not in the file from the group or the hub. Admins and files stay.',
    }),
    'dry-run': dryRunFlag,
    yes: yesFlag,
  }

  async run(): Promise<UserImportResult> {
    const {flags, args} = await this.parse(UserImport)
    const context = this.context(flags)
    const file = await readPeopleFile(context, args.file, {
      login: flags['login-column'],
      name: flags['name-column'],
      email: flags['email-column'],
      group: flags['group-column'],
    })
    const options = {rows: file.rows, source: file.source, removeAbsent: flags['remove-absent'], group: flags.group}
    const plan = await planImport(context, options)
    for (const text of plan.notes) context.onEvent({type: 'warning', text})
    const isChange = plan.removed.length > 0 || plan.people.some(({state}) => state !== 'unchanged')
    const who = this.asker(flags)
    const isAsked = who.isInteractive && !flags.yes && !flags['dry-run']
    if (isChange) this.logToStderr(`${renderImportPreview(plan, file, {isAsked})}\n`)
    if (isChange && !flags['dry-run']) await agreeToImport(who, plan, {yes: flags.yes, signal: this.signal})
    const result = await userImport(context, {...options, agreed: plan.removed, dryRun: flags['dry-run']})
    await this.show(renderUserImport(result, {wereShown: isAsked && isWholePreview(plan)}))
    return result
  }
}
