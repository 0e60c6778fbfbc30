import {JhubError} from '../../errors.js'
import {resolveChoices, standardImage} from '../../hub-spec/images/resolve-choices.js'
import type {LimitsPolicy} from '../../hub-spec/limits/resolve-limits.js'
import {normaliseUserName} from '../../hub-spec/people/user-name.js'
import type {HubApi} from '../../jupyterhub/hub-api.js'
import {readPolicy} from '../../jupyterhub/people/read-policy.js'
import type {OpenHub} from '../session/open-hub.js'

/**
 * What the next servers of these people may be started from is where servers run: the hub does not look before it starts one.
 * With `image`, they are started from that this time. Throws `JHUB-E208`, before the hub is asked for a server.
 */
export async function requireBuilds(
  {engine, spec}: OpenHub,
  api: HubApi,
  names: readonly string[],
  image?: string,
): Promise<void> {
  if (engine.images === undefined || spec.images.size === 0 || names.length === 0) return
  const built = ((await readPolicy(api)) as LimitsPolicy | undefined)?.images?.built ?? {}
  const people = new Map<string, string>()
  for (const name of names.map(normaliseUserName))
    for (const each of image === undefined ? resolveChoices(spec, name) : [image])
      if (each !== standardImage && !people.has(each)) people.set(each, name)
  const wanted = [...people.keys()].filter((each) => built[each] !== undefined)
  const lost = await engine.images.lost(
    spec,
    wanted.map((each) => built[each] ?? ''),
  )
  for (const each of wanted) {
    const place = lost.get(built[each] ?? '')
    if (place === undefined) continue
    throw new JhubError(
      'JHUB-E208',
      `The server of ${people.get(each) ?? ''} was not started: its image ${each} is gone from ${place}`,
      {fix: 'jhub up   # puts it there again'},
    )
  }
}
