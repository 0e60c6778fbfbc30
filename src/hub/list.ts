import path from 'node:path'
import type {HubAddresses} from '../jupyterhub/hub-addresses.js'
import {JhubError} from '../errors.js'
import {parseOwner} from '../hub-spec/hub-owner.js'
import {shellWord} from '../hub-spec/shell-word.js'
import {ownerFile} from './session/ownership/claim-hub.js'
import type {HubContext} from './session/hub-context.js'
import {defaultHubName, namedFile, namedHubs} from './session/spec/spec-store.js'
import {status, type StatusResult} from './status.js'

export interface ListedHub {
  readonly hub: string
  /** The settings file; `null` for a hub whose file is not known here. */
  readonly spec: string | null
  /** The flags by which a command means this hub; empty for the one that is meant without. */
  readonly flags: string
  readonly state: StatusResult['state']
  readonly expected: StatusResult['expected'] | null
  readonly engine: string | null
  readonly addresses: HubAddresses | null
  /** Why nothing more can be said of it. */
  readonly problem: string | null
}

/** Every hub that this account has here: of the config directory, of this directory, and whose state is kept. */
export async function listHubs(context: HubContext): Promise<{readonly hubs: readonly ListedHub[]}> {
  const {host, asked, directories} = context
  const names = await namedHubs(context)
  const local = path.resolve(asked.currentDirectory, 'jhub.yaml')
  const isLocalThere = (await host.files.stat(local)) !== undefined && local !== namedFile(context, defaultHubName)
  const usual = isLocalThere
    ? undefined
    : names.includes(defaultHubName) || names.length > 1
      ? defaultHubName
      : names[0]
  const found = await Promise.all([
    ...(isLocalThere ? [look(context, 'jhub', local, '')] : []),
    ...names.map((name) => look(context, name, namedFile(context, name), name === usual ? '' : `--name ${name}`)),
  ])
  const kept = (await host.files.list(directories.state)) ?? []
  const known = new Set(found.map(({hub}) => hub))
  const unlisted = kept.filter((name) => !name.startsWith('.') && !known.has(name))
  const others = await Promise.all(unlisted.map((name) => lookElsewhere(context, name)))
  return {hubs: [...found, ...others]}
}

const unknown = {state: 'unknown', expected: null, engine: null, addresses: null} as const

async function look(context: HubContext, name: string, file: string, flags: string): Promise<ListedHub> {
  const {currentDirectory} = context.asked
  try {
    const meant = {...context, asked: {file, currentDirectory}}
    const {hub, spec, state, expected, engine, addresses} = await status(meant, {triesCards: false})
    return {hub, spec, flags, state, expected, engine, addresses, problem: null}
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    return {...unknown, hub: name, spec: file, flags, problem: error.message}
  }
}

/** A hub that was made with `--file`: whose it is, is recorded with its state. */
async function lookElsewhere(context: HubContext, hub: string): Promise<ListedHub> {
  const owner = parseOwner(await context.host.files.read(ownerFile(context, hub)))
  if (owner === undefined || (await context.host.files.stat(owner.file)) === undefined) return withoutSpec(hub)
  return look(context, hub, owner.file, `--file ${shellWord(owner.file)}`)
}

function withoutSpec(hub: string): ListedHub {
  const problem = 'its settings file is somewhere else: name it with --file'
  return {...unknown, hub, spec: null, flags: '--file PATH', problem}
}
