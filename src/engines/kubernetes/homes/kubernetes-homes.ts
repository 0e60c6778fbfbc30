import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {accountName} from '../../../hub-spec/people/user-name.js'
import {homeOver} from '../../homes/home-program.js'
import type {HomesKeeper, VisitedHome} from '../../homes/homes-keeper.js'
import {visitTime, type VisitTime} from '../../homes/visit-time.js'
import type {KubeApi} from '../api/kube-api.js'
import type {Cluster} from '../clusters/cluster.js'
import {namespaceOf} from '../clusters/namespace.js'
import {listHomeClaims, newHomeClaim} from './home-claims.js'
import {homeMount} from './home-pod.js'
import {openHomeSession, type HomeSession} from './home-session.js'
import {closeHomePod, openHomePod, removeEndedHomePods} from './open-home-pod.js'
import {serverPlace, type ServerPlace} from './server-place.js'

export interface KubernetesHomesOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly spec: HubSpec
  /** Standard input of `jhub_home.py`, up to the first request. */
  readonly program: () => Promise<string>
}

/** Homes as volumes: each is opened in a pod of its own, in which no program of the person runs. */
export function kubernetesHomes({cluster, clock, spec, program}: KubernetesHomesOptions): HomesKeeper {
  const namespace = namespaceOf(spec)
  const server = serverPlace(spec, cluster.own?.chartPlace(spec))
  const images = cluster.own === undefined ? 'theirs' : 'ours'
  let cleaned: Promise<void> | undefined

  const claimOf = async (api: KubeApi, place: ServerPlace, {user, make}: VisitedHome): Promise<string | undefined> => {
    const homes = await listHomeClaims(api, namespace)
    const found = homes.find((each) => each.user === user)
    if (found !== undefined || !make) return found?.claim.metadata.name
    if (!place.namesClaims)
      throw new JhubError(
        'JHUB-E229',
        `${user} has never had a server, and only the hub knows what their home is called`,
        {
          fix: `jhub server start ${user}   # makes the home`,
        },
      )
    const claim = newHomeClaim({namespace, user, ...place.newClaim})
    await api.apply(claim)
    return claim.metadata.name
  }

  return {
    async visit(visited, work) {
      const api = await reach(cluster)
      if (server === undefined) throw noClaims()
      cleaned ??= removeEndedHomePods(api, namespace, spec.name)
      await cleaned.catch((error: unknown) => {
        cleaned = undefined
        throw error
      })
      const {user, signal} = visited
      const claim = await claimOf(api, server, visited)
      if (claim === undefined) return work(homeOver(user, async () => '{"value": null}'))
      const place = {api, clock, namespace, hubName: spec.name, server, images} as const
      const what = `the home of ${user}`
      const pod = await openHomePod(place, {name: accountName(user), what, claim, signal})
      const time = visitTime(signal)
      try {
        const session = await openHomeSession(api, pod, {what, texts: await program(), signal: time.signal})
        try {
          return await work(homeOver(user, (request) => askInTime(user, session, {signal, time}, request)))
        } finally {
          session.close()
        }
      } finally {
        time.end()
        await closeHomePod(api, pod)
      }
    },
  }
}

async function askInTime(
  user: string,
  session: HomeSession,
  {signal, time}: {readonly signal: AbortSignal; readonly time: VisitTime},
  request: Readonly<Record<string, unknown>>,
): Promise<string> {
  const line = JSON.stringify({...request, path: homeMount})
  time.extend(line.length)
  try {
    const answer = await session.ask(line)
    time.extend(answer.length)
    return answer
  } catch (error) {
    signal.throwIfAborted()
    if (time.isOver) throw new JhubError('JHUB-E229', `The home of ${user} did not answer in time`, {cause: error})
    throw error
  }
}

async function reach(cluster: Cluster): Promise<KubeApi> {
  const api = await cluster.api()
  if (api === undefined)
    throw new JhubError('JHUB-E204', 'The cluster is not running, so homes in it cannot be reached', {
      fix: 'jhub start',
    })
  return api
}

function noClaims(): JhubError {
  return new JhubError(
    'JHUB-E229',
    'k8s.values set singleuser.storage to something other than one volume for each person, so jhub does not reach homes',
  )
}
