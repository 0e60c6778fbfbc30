import {Args} from '@oclif/core'
import {definedOnly} from '../../src/defined-only.js'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderPush} from '../../src/cli/render/files/render-files.js'
import {push, type PushResult} from '../../src/hub/files/push.js'

export default class FilesPush extends HubCommand {
  static override summary = 'Show everybody the materials as they are on this computer now.'
  static override description =
    'Everybody sees them in their home, as the directory "materials", and nobody can change them there. People see the files of before or those of now, never half of them. Servers may run or not. What is on the hub already is not copied again. Hidden names and links are left out. `jhub up` does the same.'
  static override examples = [
    {description: 'The directory that the settings file names', command: '<%= config.bin %> files push'},
    {description: 'Another directory, from now on', command: '<%= config.bin %> files push week-2'},
  ]
  static override args = {
    directory: Args.string({
      ignoreStdin: true,
      description: 'A directory; it becomes files.materials of the settings file.',
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
