import path from 'node:path'
import {agreeOr} from '../src/cli/input/ask/ask.js'
import {askNewHub} from '../src/cli/input/ask/ask-new-hub.js'
import {yesFlag} from '../src/cli/flags/flags.js'
import {upFlags} from '../src/cli/flags/up-flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {renderUp} from '../src/cli/render/hub/render-up.js'
import {definedOnly, ifDefined} from '../src/defined-only.js'
import {locateSpec} from '../src/hub/session/spec/spec-store.js'
import {up, type UpResult} from '../src/hub/up.js'

export default class Up extends HubCommand {
  static override summary = 'Start the hub, and make it match its settings file.'
  static override description =
    'The first time, jhub writes a settings file with one admin, and shows the password. You can run it again at any time: it changes only what differs.'
  static override examples = [
    {description: 'Start a hub on this computer', command: '<%= config.bin %> up'},
    {
      description: 'Start a hub on a server that you reach by ssh',
      command: '<%= config.bin %> up --machine ssh://admin@203.0.113.7',
    },
    {description: 'Let people in the room open it', command: '<%= config.bin %> up --lan'},
    {description: 'Show what would change', command: '<%= config.bin %> up --dry-run'},
    {description: 'Start a hub on Kubernetes', command: '<%= config.bin %> up --mode k8s'},
    {description: 'Start a second hub', command: '<%= config.bin %> up --name physics --port 8001'},
  ]
  static override flags = {...upFlags, yes: yesFlag}

  async run(): Promise<UpResult> {
    const {flags, raw} = await this.parse(Up)
    const {yes, mode, admin, port, lan, machine, locked, 'dry-run': dryRun} = flags
    const agree = agreeOr(this.asker(flags), {yes, signal: this.signal})
    const context = this.context(flags, dryRun ? 'notes' : 'tasks', agree)
    const isNew = !(await locateSpec(context)).exists
    const given = {locked, ...definedOnly({mode, admin})}
    const asked = {...given, yes, isMachineGiven: machine !== 'auto'}
    const answers = isNew ? await askNewHub(this.asker(flags), asked, this.signal) : given
    // What the environment says is for new hubs.
    const isTyped = (name: string) => raw.some((token) => token.type === 'flag' && token.flag === name)
    const result = await up(context, {
      ...answers,
      ...definedOnly({
        port,
        database: flags.database,
        bundle: ifDefined(flags.bundle, (file) => path.resolve(file)),
      }),
      ...(isNew || isTyped('machine') ? {machine} : {}),
      ...(isTyped('lan') ? {lan} : {}),
      dryRun,
      keepOnFailure: flags['keep-on-failure'],
      takeOver: flags['take-over'],
    })
    await this.show(renderUp(result, {dryRun}))
    return result
  }
}
