import {Flags} from '@oclif/core'
import {fileToWriteFlag, machineFlag} from '../src/cli/flags/flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {init} from '../src/hub/init.js'

export default class Init extends HubCommand {
  static override summary = 'Write a commented settings file to start from.'
  static override description =
    'Writes --file, or else the file of --name (default: jhub) in the config directory. An existing file is never overwritten.'
  static override examples = [
    '<%= config.bin %> init',
    '<%= config.bin %> init --name physics',
    {description: 'For a day with a class', command: '<%= config.bin %> init --workshop --file jhub.yaml'},
    {
      description: 'In this directory, where every command finds it',
      command: '<%= config.bin %> init --file jhub.yaml',
    },
  ]
  static override flags = {
    file: fileToWriteFlag,
    mode: Flags.option({
      options: ['vm', 'k8s'] as const,
      default: 'vm' as const,
      summary: 'One machine, or a Kubernetes cluster.',
    })(),
    machine: machineFlag(),
    port: Flags.integer({summary: 'The port of the hub.', default: 8000, min: 1, max: 65_535, helpValue: 'PORT'}),
    admin: Flags.string({summary: 'The first admin.', default: 'admin', helpValue: 'NAME'}),
    workshop: Flags.boolean({
      summary: 'For a day with a class: open to the room, with a group and the lines for cards.',
    }),
  }

  async run(): Promise<{readonly spec: string; readonly hub: string}> {
    const {flags} = await this.parse(Init)
    const {mode, machine, port, admin, workshop} = flags
    const result = await init(this.context(flags), {mode, machine, port, admin, workshop})
    await this.show(`Wrote ${result.spec}\nNext:  jhub config edit · jhub up`)
    return result
  }
}
