import {Args} from '@oclif/core'
import {definedOnly} from '../../src/defined-only.js'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderPush} from '../../src/cli/render/files/render-files.js'
import {push, type PushResult} from '../../src/hub/files/push.js'

export default class FilesPush extends HubCommand {
  static override summary = 'Copy the materials from this computer to the hub.'
  static override description =
    'Everybody sees them in their home, in the directory "materials", and nobody can change them there. People see either the old files or the new ones, never a mixture. Servers can be running or not. Only what is new is copied. Hidden files and links are left out. `jhub up` does the same.'
  static override examples = [
    {description: 'Copy the directory that the settings file names', command: '<%= config.bin %> files push'},
    {description: 'Use another directory from now on', command: '<%= config.bin %> files push week-2'},
  ]
  static override args = {
    directory: Args.string({
      ignoreStdin: true,
      description: 'A directory; it becomes files.materials in the settings file.',
    }),
  }
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<PushResult> {
    const {flags, args} = await this.parse(FilesPush)
    const options = {...definedOnly({directory: args.directory}), dryRun: flags['dry-run']}
    const result = await push(this.context(flags, 'tasks'), options)
    await this.show(renderPush(result))
    return result
  }
}
