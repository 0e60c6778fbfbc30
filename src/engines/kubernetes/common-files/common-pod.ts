import {definedOnly} from '../../../defined-only.js'
import type {Clock} from '../../../host/clock.js'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {AskProgram} from '../../python-program.js'
import type {Cluster} from '../clusters/cluster.js'
import {commonClaim} from '../clusters/names.js'
import {namespaceOf} from '../clusters/namespace.js'
import {requireKube} from '../api/require-kube.js'
import {homeMount} from '../homes/home-pod.js'
import {openHomeSession} from '../homes/home-session.js'
import {closeHomePod, openHomePod} from '../homes/open-home-pod.js'
import {serverPlace, type ServerPlace} from '../homes/server-place.js'

export interface CommonPodOptions {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly spec: HubSpec
  /** Standard input of the program, up to the first request. */
  readonly program: () => Promise<string>
  /** A directory of the volume. */
  readonly directory: string
  readonly signal: AbortSignal
}

/** A pod in which a program of jhub works on what everybody sees: it starts with the first request. */
export interface CommonPod {
  readonly ask: AskProgram
  /** Ends the program and removes the pod, where there is one. */
  close(): Promise<void>
}

const what = 'what everybody sees'

export function commonPod({program, directory, ...options}: CommonPodOptions): CommonPod {
  const open = async () => {
    const {api, pod} = await openPod(options)
    try {
      const session = await openHomeSession(api, pod, {what, texts: await program(), signal: options.signal})
      const close = async () => {
        session.close()
        await closeHomePod(api, pod)
      }
      return {session, close}
    } catch (error) {
      await closeHomePod(api, pod)
      throw error
    }
  }
  let opened: ReturnType<typeof open> | undefined
  return {
    async ask(request) {
      const {session} = await (opened ??= open())
      return session.ask(JSON.stringify({...request, place: `${homeMount}/${directory}`}))
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close()
    },
  }
}

/** Mounts the volume for a moment: some storage makes one only then. Throws `JHUB-E229` with what keeps the pod from running. */
export async function mountCommonVolume(options: PodOptions): Promise<void> {
  const {api, pod} = await openPod(options)
  await closeHomePod(api, pod)
}

type PodOptions = Pick<CommonPodOptions, 'cluster' | 'clock' | 'spec' | 'signal'>

async function openPod({cluster, clock, spec, signal}: PodOptions) {
  const api = await requireKube(cluster)
  const server = requirePlace(serverPlace(spec, cluster.own?.chartPlace(spec)))
  const images = cluster.own === undefined ? 'theirs' : 'ours'
  const place = {api, clock, namespace: namespaceOf(spec), hubName: spec.name, server, images} as const
  return {api, pod: await openHomePod(place, {name: 'common', what, claim: commonClaim, signal})}
}

/** Homes may begin below a volume of theirs; what everybody sees does not. */
function requirePlace(place: ServerPlace | undefined): ServerPlace {
  if (place === undefined)
    throw new JhubError('JHUB-E232', 'k8s.values set singleuser.storage to something that jhub does not know', {
      fix: 'Leave singleuser.storage.type as dynamic',
    })
  return definedOnly({...place, subPath: undefined})
}
