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
    return [{check, state: 'ok', found: await lookAt(registry, repository)}]
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

/** A registry may refuse to speak of what is not there yet; its account then says more. */
async function lookAt({engine, accounts}: AskedRegistry, repository: string): Promise<string> {
  const host = registryHost(repository)
  const given = await accounts.loginFor(repository)
  const login = given ?? (await engine.registryLogin(host))
  const who = login === undefined ? 'without an account' : `as ${login.username ?? 'the account of docker login'}`
  if (login !== undefined) {
    await engine.checkLogin(host, login)
    return `it answers, ${who}`
  }
  await engine.findInRegistry(`${repository}:none`)
  return `it answers, ${who}`
}
