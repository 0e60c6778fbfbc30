import {JhubError} from '../../errors.js'
import type {RegistryAccount, RegistryKeeper} from '../../engines/engine.js'
import {registryHost} from '../../host/docker/registry-host.js'
import {runSteps} from '../../steps/run-steps.js'
import {claimHub} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {withLock} from '../session/with-lock.js'

export interface ImageLoginResult {
  /** `ghcr.io`. */
  readonly registry: string
  readonly user: string
  /** `kept`: servers of the hub do not use it yet; they do after the next `jhub up`. */
  readonly outcome: 'applied' | 'kept'
}

export interface ImageLogoutResult {
  readonly registry: string
  /** Whether the hub had an account for it. */
  readonly wasThere: boolean
}

/** A registry of which an account is wanted. */
export interface WantedAccount {
  readonly registry: string
  /** Whether Docker has one that nodes can use. Throws `JHUB-E203` where Docker's file of accounts cannot be read. */
  readonly isInDocker: () => Promise<boolean>
}

/** Which registry is meant: the one that was typed, else that of the spec. Throws `JHUB-E100` where neither is, or the hub needs none. */
export async function registryToAsk(context: HubContext, typed: string | undefined): Promise<WantedAccount> {
  const hub = await openHub(context)
  const keeper = requireRegistry(hub)
  const registry = registryOf(hub, typed)
  return {
    registry,
    async isInDocker() {
      const found = await keeper.dockerAccount(registry)
      return found !== undefined && found !== 'token'
    },
  }
}

/**
 * Gives a hub an account of a registry, once the registry has taken it: images are pushed with it, and nodes download with it.
 * Throws `JHUB-E236` where the registry refuses; then nothing is changed.
 */
export async function imageLogin(
  context: HubContext,
  {registry, account}: {readonly registry: string; readonly account: RegistryAccount | 'of docker login'},
): Promise<ImageLoginResult> {
  const hub = await openHub(context)
  const keeper = requireRegistry(hub)
  const given = account === 'of docker login' ? await accountOfDocker(keeper, registry) : checkAccount(account)
  return withLock(context, async () => {
    await claimHub(context, hub)
    await keeper.give(registry, given)
    const isNamed = await keeper.isNamed()
    if (isNamed) await runSteps(keeper.steps(), {signal: context.signal, onEvent: context.onEvent})
    return {registry, user: given.username, outcome: isNamed ? 'applied' : 'kept'}
  })
}

/** Takes an account away again, here and in the cluster. Throws where the cluster cannot be asked; then nothing is changed. */
export async function imageLogout(context: HubContext, typed: string | undefined): Promise<ImageLogoutResult> {
  const hub = await openHub(context)
  const keeper = requireRegistry(hub)
  const registry = registryOf(hub, typed)
  return withLock(context, async () => {
    await claimHub(context, hub)
    return {registry, wasThere: await keeper.forget(registry)}
  })
}

function requireRegistry({spec, engine}: OpenHub): RegistryKeeper {
  const registry = engine.images?.registry
  if (registry !== undefined) return registry
  throw spec.mode === 'vm'
    ? new JhubError('JHUB-E100', 'This hub runs on one machine, which uses no images from a registry', {
        fix: 'jhub image add data --package pandas',
      })
    : new JhubError(
        'JHUB-E100',
        "This computer's Docker downloads images for a kind cluster, with the accounts it has",
        {
          fix: 'docker login REGISTRY',
        },
      )
}

function registryOf({spec}: OpenHub, typed: string | undefined): string {
  const named = typed ?? spec.k8s.registry
  if (named !== undefined) return registryHost(`${named.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/image`)
  throw new JhubError('JHUB-E100', 'You named no registry, and the settings file has no k8s.registry', {
    fix: ['jhub image login ghcr.io', 'jhub config edit   # k8s: {registry: ghcr.io/MY-TEAM}'],
  })
}

async function accountOfDocker(keeper: RegistryKeeper, registry: string): Promise<RegistryAccount> {
  const found = await keeper.dockerAccount(registry)
  if (found === undefined)
    throw new JhubError('JHUB-E302', `Docker has no account for ${registry}`, {
      fix: [`jhub image login ${registry}`, `docker login ${registry}`],
    })
  if (found === 'token')
    throw new JhubError('JHUB-E100', `Docker has a token for ${registry} that nodes of a cluster cannot use`, {
      fix: `jhub image login ${registry}   # with a name and an access token of the registry`,
    })
  return found
}

const longest = 10_000

/** Without the line end of a file. Never says the password. */
function checkAccount({username, password}: RegistryAccount): RegistryAccount {
  const account = {username: username.trim(), password: password.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '')}
  const refuse = (why: string) =>
    new JhubError('JHUB-E100', `This registry account cannot be used: ${why}`, {fix: 'jhub image login --help'})
  if (account.username === '' || /[:\s\p{C}]/u.test(account.username))
    throw refuse('its name is empty, or contains a space or a colon')
  if (account.password === '') throw refuse('the password is empty')
  if (account.password.length > longest || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(account.password))
    throw refuse('the password is too long, or contains a line break')
  return account
}
