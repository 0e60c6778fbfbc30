import {execa} from 'execa'
import {isHubReady} from '../../src/jupyterhub/hub-ready.js'
import {chart, nodeImage} from '../e2e/kind-lab.js'
import {until} from '../e2e/until.js'
import {renderCrowd, startAtOnce} from './crowd.js'
import {hubAt, stopByHand} from './hub-by-hand.js'
import {runQuietly, timeOf} from './measure.js'

const name = 'k8sbench-by-hand'
const node = `${name}-control-plane`
const port = 18_691

/** The official chart in a kind cluster by the documented commands. */
export interface KindByHand {
  /** From nothing to the login page. */
  readonly upMs: number
  readonly oneLayerMs: number
  /** The class at once, with new volumes. */
  readonly crowdMs: number
  /** Ends the cluster's processes and leaves its files: removing them would slow down who comes next. */
  pause(): Promise<void>
  /** Milliseconds of `kind delete cluster`, of a cluster that runs. */
  remove(): Promise<number>
}

interface Wanted {
  readonly images: readonly string[]
  /** Of one layer more than one of these. */
  readonly oneLayerMore: string
  readonly people: readonly string[]
}

/** Makes it and runs a class there. What it has made is gone when it fails. */
export async function kindByHand(
  {images, oneLayerMore, people}: Wanted,
  say: (line: string) => void,
): Promise<KindByHand> {
  const load = (each: string) => runQuietly(['kind', 'load', 'docker-image', each, '--name', name])
  try {
    const steps = {
      'kind create': await timeOf(createCluster),
      'kind load': await timeOf(async () => {
        for (const each of images) await load(each)
      }),
      'helm install': await timeOf(installChart),
    }
    const told = Object.entries(steps).map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)} s`)
    say(`by hand: ${told.join(', ')}`)
    const hub = hubAt(port, token)
    await hub.send('POST', '/users', {usernames: people})
    const students = await startAtOnce(hub, people)
    say(`${String(people.length)} at once by hand, with new volumes: ${renderCrowd(students)}`)
    await Promise.all(people.map((each) => stopByHand(hub, each)))
    return {
      upMs: Object.values(steps).reduce((sum, ms) => sum + ms, 0),
      crowdMs: students.allMs,
      oneLayerMs: await timeOf(() => load(oneLayerMore)),
      pause: () => runQuietly(['docker', 'stop', node]),
      async remove() {
        await runQuietly(['docker', 'start', node])
        await untilReady()
        return timeOf(deleteCluster)
      },
    }
  } catch (error) {
    await deleteCluster()
    throw error
  }
}

/** Takes away what is left of it. */
export function deleteCluster(): Promise<void> {
  return runQuietly(['kind', 'delete', 'cluster', '--name', name])
}

async function createCluster(): Promise<void> {
  const extraPortMappings = [{containerPort: 30_080, hostPort: port, listenAddress: '127.0.0.1'}]
  const config = {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [{role: 'control-plane', extraPortMappings}],
  }
  const image = await nodeImage()
  const words = ['create', 'cluster', '--name', name, '--config', '-', '--wait', '60s']
  await execa('kind', [...words, ...(image === undefined ? [] : ['--image', image])], {input: JSON.stringify(config)})
}

const token = 'c'.repeat(64)
const values = {
  proxy: {secretToken: 'a'.repeat(64), service: {type: 'NodePort', nodePorts: {http: 30_080}}},
  hub: {
    cookieSecret: 'b'.repeat(64),
    config: {JupyterHub: {authenticator_class: 'null', concurrent_spawn_limit: 0}},
    services: {bench: {apiToken: token}},
    loadRoles: {bench: {scopes: ['admin:users', 'admin:servers'], services: ['bench']}},
  },
  scheduling: {userScheduler: {enabled: false}, userPlaceholder: {enabled: false}},
  prePuller: {hook: {enabled: false}, continuous: {enabled: false}},
  singleuser: {cloudMetadata: {blockWithIptables: false, ip: '169.254.169.254'}},
}

async function installChart(): Promise<void> {
  const words = ['upgrade', '--install', 'hand', chart, '--kube-context', `kind-${name}`, '--values', '-', '--wait']
  await execa('helm', words, {input: JSON.stringify(values)})
  await untilReady()
}

/** By the null authenticator nobody signs in: the login page itself is refused. */
function untilReady(): Promise<void> {
  return until('the hub by hand answers', async () => (await isHubReady(`http://127.0.0.1:${String(port)}`)).ready)
}
