import {Args, Flags} from '@oclif/core'
import {JhubError} from '../../src/errors.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {renderServerChange} from '../../src/cli/render/server/render-servers.js'
import {serverRestart, type RestartChoice, type ServerChangeResult} from '../../src/hub/server/server-change.js'

export default class ServerRestart extends HubCommand {
  static override summary = "Stop people's servers and start them again; files stay."
  static override description = 'A server gets its image and limits when it starts. Running notebooks end.'
  static override examples = [
    {
      description: 'Restart servers with an older image or older limits',
      command: '<%= config.bin %> server restart --outdated',
    },
    {
      description: 'Restart the running servers of a group',
      command: '<%= config.bin %> server restart --group class-a',
    },
    {description: 'Some people', command: '<%= config.bin %> server restart ana ben'},
  ]
  static override strict = false
  static override args = {names: Args.string({ignoreStdin: true, description: 'Names, or - for standard input.'})}
  static override flags = {
    outdated: Flags.boolean({
      summary: 'Servers whose image or limits would change.',
      exclusive: ['group', 'all'],
    }),
    group: Flags.string({
      summary: 'The running servers of this group.',
      exclusive: ['outdated', 'all'],
      helpValue: 'GROUP',
    }),
    all: Flags.boolean({summary: 'Every running server.', exclusive: ['outdated', 'group']}),
  }

  async run(): Promise<ServerChangeResult> {
    const {flags, argv} = await this.parse(ServerRestart)
    const context = this.context(flags)
    const words = argv.map(String)
    const choices: RestartChoice[] = [
      ...(words.length === 0 ? [] : [{names: await readNames(context, words)}]),
      ...(flags.group === undefined ? [] : [{group: flags.group}]),
      ...(flags.all ? [{only: 'all' as const}] : []),
      ...(flags.outdated ? [{only: 'outdated' as const}] : []),
    ]
    const [choice] = choices
    if (choice === undefined || choices.length > 1)
      throw new JhubError('JHUB-E100', 'Say whose servers to restart: names, or one of --outdated, --group and --all', {
        fix: 'jhub server restart --outdated',
      })
    const result = await serverRestart(context, choice)
    await this.show(renderServerChange(result, 'started'))
    return result
  }
}
