import {usableUrl, type HubAddresses} from '../jupyterhub/hub-addresses.js'
import {JhubError} from '../errors.js'
import {renderPlace, setPlace, type HubPlace} from '../hub-spec/edit/edit-place.js'
import type {HubSpec} from '../hub-spec/hub-spec.js'
import {runSteps} from '../steps/run-steps.js'
import {recordApplied} from './session/spec/applied-spec.js'
import {claimHub} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {recordSteps} from './session/steps/hub-steps.js'
import {openHub} from './session/open-hub.js'
import {readStored} from './session/spec/read-stored.js'
import {defaultHubName, locateSpec, saveSpec} from './session/spec/spec-store.js'
import {withLock} from './session/with-lock.js'

export interface AttachResult {
  readonly hub: string
  /** Where its spec is now. */
  readonly spec: string
  readonly engine: string
  /** For this computer; `null` where it can be reached by `jhub open` only. */
  readonly url: string | null
  readonly addresses: HubAddresses
  readonly state: 'running' | 'stopped'
  /** On the hub, as it says; `null` while it does not run. */
  readonly users: number | null
}

/**
 * Finds a hub again that was put there from another computer, or whose spec was lost here. From then on it
 * belongs to the settings file here. Nothing else of the hub is changed, and no spec that says something else is written over.
 */
export async function attach(context: HubContext, place: HubPlace): Promise<AttachResult> {
  const name = context.asked.name ?? (await onlyHub(context, place))
  const own = {...context, asked: {...context.asked, name}}
  return withLock(own, async () => {
    const run = {signal: own.signal, onEvent: own.onEvent}
    const finder = await openHub(own, readStored('where the hub is', renderPlace(name, place)))
    await runSteps(finder.engine.recovery.reachSteps(), run)
    const kept = await finder.engine.recovery.spec()
    if (kept === undefined) throw notThere(name, await finder.engine.recovery.names())
    const stored = readStored((await locateSpec(own)).file, setPlace(kept, place))
    await requireNoOther(own, stored.file, stored.source)
    const hub = await openHub(own, stored)
    const claim = await claimHub(own, hub, {takeOver: true})
    await runSteps(
      [
        ...hub.engine.recovery.attachSteps(hub.spec),
        claim.step,
        ...recordSteps(hub, stored.source, claim.owner),
        recordApplied(own, name, stored.source),
      ],
      run,
    )
    await saveSpec(own, stored)
    await tellMissingFiles(own, hub.spec)
    const api = await hub.connect()
    const isReady = (await api?.isReady()) ?? false
    const {addresses} = await hub.engine.platform.status(hub.spec)
    return {
      hub: name,
      spec: stored.file,
      engine: hub.engine.title,
      url: usableUrl(addresses),
      addresses,
      state: isReady ? 'running' : 'stopped',
      users: isReady ? ((await api?.users()) ?? []).length : null,
    }
  })
}

/** Where one hub stands, it needs no name. */
async function onlyHub(context: HubContext, place: HubPlace): Promise<string> {
  const {engine} = await openHub(context, readStored('where the hub is', renderPlace(defaultHubName, place)))
  const names = await engine.recovery.names()
  const [name] = names
  if (name === undefined || names.length > 1) throw notThere(undefined, names)
  return name
}

function notThere(name: string | undefined, names: readonly string[]): JhubError {
  const details = {hubs: names}
  if (name !== undefined && names.includes(name))
    return new JhubError(
      'JHUB-E304',
      `The settings file of ${name} cannot be read there: its machine is stopped, or \`jhub up\` never finished`,
      {
        fix: `docker start jhub-${name}   # in Docker; then run the same command again`,
        details,
      },
    )
  const what =
    name === undefined
      ? names.length > 1
        ? 'There are several hubs there'
        : 'There is no hub there'
      : `There is no hub ${name} there`
  return names.length === 0
    ? new JhubError('JHUB-E304', what, {fix: 'jhub attach --help', details})
    : new JhubError('JHUB-E304', `${what}${name === undefined ? ': ' : '; there are: '}${names.join(', ')}`, {
        fix: names.map((each) => `Run the same command with --name ${each}`),
        details,
      })
}

async function requireNoOther({host}: HubContext, file: string, source: string): Promise<void> {
  const before = await host.files.read(file)
  if (before === undefined || before === source) return
  throw new JhubError('JHUB-E402', `${file} already exists, and it differs from the hub's settings`, {
    fix: ['Run the same command with --file ANOTHER', `mv ${file} ${file}.old   # then run the same command again`],
  })
}

/** Files of the lost computer that the spec names. */
async function tellMissingFiles({host, onEvent}: HubContext, {hub, access: {https}, k8s}: HubSpec): Promise<void> {
  const named = [
    hub.extraConfig,
    ...(https?.by === 'files' ? [https.cert, https.key] : []),
    k8s.chart?.startsWith('/') === true ? k8s.chart : undefined,
  ]
  for (const file of named) {
    if (file !== undefined && (await host.files.stat(file)) === undefined)
      onEvent({
        type: 'warning',
        text: `The settings file names ${file}, which is not here: \`jhub up\` will ask for it.`,
      })
  }
}
