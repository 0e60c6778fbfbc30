import {Args, Flags} from '@oclif/core'
import {yesFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {requireYes} from '../../src/cli/input/ask/ask.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {requireOneWay} from '../../src/cli/input/require-one-way.js'
import {renderServerChange} from '../../src/cli/render/server/render-servers.js'
import {serverStop, type ServerChangeResult} from '../../src/hub/server/server-change.js'
import {peopleWithServersOf} from '../../src/hub/server/server-group.js'
import {listNames} from '../../src/jupyterhub/list-names.js'

export default class ServerStop extends HubCommand {
  static override summary = "Stop people's servers. Files stay."
  static override examples = [
    '<%= config.bin %> server stop ana',
    {description: 'At the end of the day', command: '<%= config.bin %> server stop --all'},
  ]
  static override strict = false
  static override args = {names: Args.string({ignoreStdin: true, description: 'Names, or - for standard input.'})}
  static override flags = {
    group: Flags.string({summary: 'The servers of everybody in this group; asks first.', helpValue: 'GROUP'}),
    all: Flags.boolean({summary: "Everybody's servers; asks first."}),
    yes: yesFlag,
  }

  async run(): Promise<ServerChangeResult> {
    const {flags, argv} = await this.parse(ServerStop)
    const context = this.context(flags)
    const words = argv.map(String)
    requireOneWay(words, {group: flags.group !== undefined, all: flags.all}, 'jhub server stop ana')
    const names = words.length > 0 ? await readNames(context, words) : await peopleWithServersOf(context, flags.group)
    if (words.length === 0 && names.length > 0) {
      const message = `This stops the ${names.length === 1 ? 'server' : 'servers'} of ${listNames(names)}. Unsaved work is lost. Continue?`
      await requireYes(this.asker(flags), {message, yes: flags.yes, signal: this.signal})
    }
    const result = names.length === 0 ? {done: []} : await serverStop(context, names)
    await this.show(names.length === 0 ? 'No server runs.' : renderServerChange(result, 'stopped'))
    return result
  }
}
