import {definedOnly} from '../../../defined-only.js'
import {describeCause, JhubError} from '../../../errors.js'
import {registryHost} from '../../../host/docker/registry-host.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {ImageKeeper} from '../../engine.js'
import type {PushPlace} from '../steps/images/push-builds.js'

export type AskedRegistry = Pick<PushPlace, 'engine' | 'accounts' | 'repository'>

/** Whether the registry of a spec answers and takes the account, where an image still has to be pushed to it. Reads only. */
export async function registryFindings(
  registry: AskedRegistry,
  spec: HubSpec,
  images: Pick<ImageKeeper, 'built'>,
): Promise<readonly Finding[]> {
  const {repository} = registry
  if (repository === undefined || spec.images.size === 0) return []
  const check = `registry ${registryHost(repository)}`
  try {
    return [{check, state: 'ok', found: await askRegistry(registry, repository, await isToPush(spec, images))}]
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    const [fix] = error.suggestions
    return [
      {
        check,
        state: (await isAllBuilt(spec, images)) ? 'warning' : 'problem',
        found: describeCause(error),
        needed: `a registry that takes images of this hub at ${repository}`,
        ...definedOnly({fix}),
      },
    ]
  }
}

/** Nothing of the spec has to be made or sent any more. */
export async function isAllBuilt(spec: HubSpec, images: Pick<ImageKeeper, 'built'>): Promise<boolean> {
  const built = await images.built(spec)
  return [...spec.images.keys()].every((name) => built.has(name))
}

/** What others made, nodes download where it is. */
async function isToPush(spec: HubSpec, images: Pick<ImageKeeper, 'built'>): Promise<boolean> {
  const built = await images.built(spec)
  return [...spec.images].some(([name, {recipe}]) => recipe.by !== 'oci' && !built.has(name))
}

/**
 * What a registry says, in a person's words. Throws `JHUB-E236` where it does not answer, refuses the account, or takes no
 * images from it (`isToPush`).
 */
export async function askRegistry(
  {engine, accounts}: AskedRegistry,
  repository: string,
  isToPush: boolean,
): Promise<string> {
  const host = registryHost(repository)
  const given = await accounts.loginFor(repository)
  const login = given ?? (await engine.registryLogin(host))
  const who = login === undefined ? 'without an account' : `as ${login.username ?? 'the account of docker login'}`
  // It may refuse to speak of what is not there yet; its account then says more.
  if (login === undefined) await engine.findInRegistry(`${repository}:none`)
  else await engine.checkLogin(host, login)
  const refusal = isToPush ? await engine.refusalOfPush(repository, login) : undefined
  if (refusal !== undefined)
    throw new JhubError('JHUB-E236', `The registry ${host} takes no images at ${repository} (asked ${who})`, {
      cause: new Error(refusal),
      fix: `jhub image login ${host}   # an account or token that may push to ${repository}; or change k8s.registry`,
    })
  return `it answers, ${who}`
}
