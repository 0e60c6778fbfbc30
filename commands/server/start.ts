import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {readNames} from '../../src/cli/input/read-input.js'
import {requireOneWay} from '../../src/cli/input/require-one-way.js'
import {renderServerChange} from '../../src/cli/render/server/render-servers.js'
import {serverStart, type ServerChangeResult} from '../../src/hub/server/server-change.js'
import {loginsOfGroup} from '../../src/hub/server/server-group.js'

export default class ServerStart extends HubCommand {
  static override summary = "Start people's servers, a few at a time, and wait until they are ready."
  static override examples = [
    '<%= config.bin %> server start ana ben',
    {description: 'Before a class begins', command: '<%= config.bin %> server start --group class-a'},
  ]
  static override strict = false
  static override args = {names: Args.string({ignoreStdin: true, description: 'Names, or - for standard input.'})}
  static override flags = {
    group: Flags.string({summary: 'The servers of everybody in this group.', helpValue: 'GROUP'}),
    image: Flags.string({summary: 'Use this image for this start only.', helpValue: 'NAME'}),
  }

  async run(): Promise<ServerChangeResult> {
    const {flags, argv} = await this.parse(ServerStart)
    const context = this.context(flags)
    const words = argv.map(String)
    requireOneWay(words, {group: flags.group !== undefined}, 'jhub server start ana ben')
    const names =
      flags.group === undefined ? await readNames(context, words) : await loginsOfGroup(context, flags.group)
    const result = await serverStart(context, names, flags.image === undefined ? {} : {image: flags.image})
    await this.show(renderServerChange(result, 'started'))
    return result
  }
}
