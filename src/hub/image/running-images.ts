import {nextImage} from '../../hub-spec/images/resolve-choices.js'
import type {HubServer} from '../../jupyterhub/hub-model.js'
import type {OpenHub} from '../session/open-hub.js'

export interface RunningImage {
  readonly user: string
  /** What the server was started from; `null`: what jhub ships. */
  readonly image: string | null
  /** The next server of this person is started from something else. */
  readonly isOutdated: boolean
}

/** The image of every server that runs, as the hub keeps it. */
export async function runningImages(hub: OpenHub): Promise<readonly RunningImage[]> {
  const {spec, engine} = hub
  const users = (await (await hub.connect())?.users()) ?? []
  const built = (await engine.images?.built(spec)) ?? new Map<string, string>()
  return users.flatMap(({name, server}) => {
    if (server === undefined) return []
    const running = imageOf(server)
    const wanted = nextImage(spec, name, server.options?.['image'])
    const next = wanted === undefined ? undefined : built.get(wanted)
    return [{user: name, image: running?.name ?? null, isOutdated: running?.reference !== next}]
  })
}

/** As `assets/hub/jhub_limits.py` keeps it in the server's state. */
function imageOf({state}: HubServer): {readonly name: string; readonly reference: string} | undefined {
  const found = state?.['image']
  if (!Array.isArray(found)) return undefined
  const [name, reference] = found as readonly unknown[]
  return typeof name === 'string' && typeof reference === 'string' ? {name, reference} : undefined
}
