import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderAttach} from '../src/cli/render/hub/render-attach.js'
import {JhubError} from '../src/errors.js'
import {attach, type AttachResult} from '../src/hub/attach.js'
import type {HubPlace} from '../src/hub-spec/edit/edit-place.js'
import {parseMachineName, type MachineName} from '../src/hub-spec/place/machine-name.js'
import {clusterChoices} from '../src/hub-spec/place/cluster-name.js'

export default class Attach extends HubCommand {
  static override summary = 'Manage a hub from another computer, with the settings file stored with the hub.'
  static override description =
    "Writes the settings file and jhub's own records to this computer. From then on, the hub belongs to the settings file here; nothing else about the hub changes. If there is only one hub at that place, you need no --name."
  static override examples = [
    {description: 'On a rented machine', command: '<%= config.bin %> attach --machine ssh://admin@203.0.113.7'},
    {
      description: 'In a cluster that has several hubs',
      command: '<%= config.bin %> attach --cluster context:campus --name physics',
    },
    {description: "In this computer's Docker", command: '<%= config.bin %> attach --machine docker'},
  ]
  static override flags = {
    machine: Flags.custom<MachineName>({
      summary: 'The machine that the hub is on: docker, host, process or ssh://user@host[:port].',
      helpValue: 'MACHINE',
      exclusive: ['cluster'],
      parse: (text) => Promise.resolve(parseMachineName(text)),
    })(),
    cluster: Flags.string({
      summary: `The cluster that the hub is in: ${clusterChoices}.`,
      helpValue: 'CLUSTER',
      exclusive: ['machine'],
    }),
  }

  async run(): Promise<AttachResult> {
    const {flags} = await this.parse(Attach)
    const context = this.context(flags)
    const place = placeOf(flags)
    if (place === undefined)
      throw new JhubError('JHUB-E100', 'Say where the hub is', {
        fix: [
          'jhub attach --machine docker',
          'jhub attach --machine ssh://user@host',
          'jhub attach --cluster context:NAME',
        ],
      })
    const result = await attach(context, place)
    await this.show(renderAttach(result, {isNamed: flags.file !== undefined || flags.name !== undefined}))
    return result
  }
}

function placeOf({
  machine,
  cluster,
}: {
  machine?: MachineName | undefined
  cluster?: string | undefined
}): HubPlace | undefined {
  if (cluster !== undefined) return {cluster}
  return machine === undefined || machine === 'auto' ? undefined : {machine}
}
