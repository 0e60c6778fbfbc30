import path from 'node:path'
import {JhubError} from '../../../errors.js'
import {parseOwner} from '../../../hub-spec/hub-owner.js'
import {appliedFile} from './applied-spec.js'
import {ownerFile} from '../ownership/claim-hub.js'
import type {HubContext} from '../hub-context.js'
import {openHub, type OpenHub} from '../open-hub.js'
import type {StoredSpec} from './read-stored.js'
import {defaultHubName, loadSpec, locateSpec} from './spec-store.js'

interface StandingSpec {
  readonly stored: StoredSpec
  /** What is wrong with the settings file, where the applied spec stands in for it. */
  readonly trouble?: JhubError
}

/**
 * Opens a hub that stands, for what needs no new settings: where the settings file has mistakes or is gone, by the spec that
 * was last applied from it, with a warning. Throws as `loadSpec` does where none was.
 */
export async function openStandingHub(context: HubContext): Promise<OpenHub> {
  return openHub(context, await loadStandingSpec(context))
}

async function loadStandingSpec(context: HubContext): Promise<StoredSpec> {
  const {stored, trouble} = await findStandingSpec(context)
  if (trouble !== undefined)
    context.onEvent({
      type: 'warning',
      text: `${firstLine(trouble)}. This command uses the settings that were last applied to ${stored.spec.name}.`,
    })
  return stored
}

/** The name of the hub that this command is about, also before it has a settings file. */
export async function hubNameOf(context: HubContext): Promise<string> {
  try {
    return (await findStandingSpec(context)).stored.spec.name
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    const {name, file} = context.asked
    return name ?? (file === undefined ? defaultHubName : path.parse(file).name)
  }
}

/** The same spec, without a word to the person. */
export async function findStandingSpec(context: HubContext): Promise<StandingSpec> {
  try {
    return {stored: await loadSpec(context)}
  } catch (error) {
    if (!(error instanceof JhubError) || !isTroubleOfSpec(error)) throw error
    const stored = await findApplied(context)
    if (stored === undefined) throw error
    return {stored, trouble: error}
  }
}

function isTroubleOfSpec({code}: JhubError): boolean {
  return code === 'JHUB-E301' || code.startsWith('JHUB-E10')
}

/** The spec that was last applied from this settings file, whatever hub that was. */
async function findApplied(context: HubContext): Promise<StoredSpec | undefined> {
  const {files} = context.host
  const {file} = await locateSpec(context)
  const real = await files.realPath(file)
  for (const name of (await files.list(context.directories.state)) ?? []) {
    const owner = parseOwner(await files.read(ownerFile(context, name)))
    // Before owners were recorded, a hub's settings file was known by its name.
    const isOurs =
      owner === undefined ? file === path.join(context.directories.config, `${name}.yaml`) : owner.file === real
    const source = isOurs ? await files.read(appliedFile(context, name)) : undefined
    const stored = source === undefined ? undefined : await tryRead(file, source)
    if (stored?.spec.name === name) return stored
  }
  return undefined
}

async function tryRead(file: string, source: string): Promise<StoredSpec | undefined> {
  const {readStored} = await import('./read-stored.js')
  try {
    return readStored(file, source)
  } catch (error) {
    if (error instanceof JhubError) return undefined
    throw error
  }
}

function firstLine({message}: JhubError): string {
  return (message.split('\n')[0] ?? '').replace(/[.:]$/, '')
}
