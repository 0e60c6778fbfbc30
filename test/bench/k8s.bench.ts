import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {setTimeout as delay} from 'node:timers/promises'
import {execa} from 'execa'
import {kindCluster} from '../../src/engines/kubernetes/clusters/kind/kind-cluster.js'
import {localProgram} from '../../src/engines/kubernetes/tools/local-program.js'
import {helmWanted} from '../../src/engines/kubernetes/tools/helm-program.js'
import {kindWanted} from '../../src/engines/kubernetes/clusters/kind/kind-program.js'
import {realHost} from '../../src/host/real-host.js'
import {chart, kindSpec, nodeImage, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {renderCrowd, startAtOnce} from './crowd.js'
import {hubAt, hubOf, startByHand} from './hub-by-hand.js'
import {runQuietly, Skipped, timeOf, type Comparison} from './measure.js'
import {listPeople, upAgain} from './small-verbs.js'

const name = 'k8sbench'
const port = 18_690
const byHandName = 'k8sbench-by-hand'
const byHandPort = 18_691
const images = [
  'quay.io/jupyterhub/k8s-hub:4.4.0',
  'quay.io/jupyterhub/configurable-http-proxy:5.2.0',
  'quay.io/jupyterhub/k8s-singleuser-sample:4.4.0',
]
/** One layer more on the server's image. */
const oneLayerMore = 'jhub-lab/singleuser-numpy:1'
const crowd = 15
const names = Array.from({length: crowd}, (_, index) => `student-${String(index)}`)

/**
 * A hub on kind against the documented commands by hand, images on this machine in both. One after the other: each has the
 * machine to itself.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoKind()
  if (reason !== undefined) throw new Skipped(reason)
  await runQuietly(['sh', '-c', 'docker save "$@" >/dev/null', 'sh', ...images, oneLayerMore])
  const hand = await byHand(say)
  const jhub = await realJhub({name, port, spec: await kindSpec({name, port})})
  try {
    const begun = performance.now()
    const [loginMs, upMs] = await Promise.all([untilLogin(begun), timeOf(() => jhub.json('up'))])
    const byHands = {otherwise: 'by hand', theirs: hand.upMs, hold: {times: 0.6}}
    yield {what: 'up, to the login page', ours: loginMs, ...byHands}
    yield {what: "up, with everybody's image in the cluster too", ours: upMs, ...byHands}
    yield await upAgain(jhub)
    yield await listPeople(jhub)
    yield* oneLayer(jhub, hand.oneLayerMs)
    yield* servers(jhub, hand.crowdMs, say)
    yield {
      what: 'down',
      ours: await timeOf(() => jhub.json('down', '--yes')),
      otherwise: 'kind delete cluster',
      theirs: hand.downMs,
      hold: {times: 1.5},
    }
  } finally {
    await jhub.dispose()
  }
}

interface ByHand {
  readonly upMs: number
  readonly oneLayerMs: number
  /** The class at once, with new volumes. */
  readonly crowdMs: number
  readonly downMs: number
}

async function byHand(say: (line: string) => void): Promise<ByHand> {
  const token = 'c'.repeat(64)
  const config = JSON.stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: [
      {
        role: 'control-plane',
        extraPortMappings: [{containerPort: 30_080, hostPort: byHandPort, listenAddress: '127.0.0.1'}],
      },
    ],
  })
  const values = JSON.stringify({
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
  })
  const image = await nodeImage()
  const create = ['create', 'cluster', '--name', byHandName, '--config', '-', '--wait', '60s']
  const load = (each: string) => runQuietly(['kind', 'load', 'docker-image', each, '--name', byHandName])
  const remove = () => runQuietly(['kind', 'delete', 'cluster', '--name', byHandName])
  try {
    const steps = {
      'kind create': await timeOf(() =>
        execa('kind', [...create, ...(image === undefined ? [] : ['--image', image])], {input: config}),
      ),
      'kind load': await timeOf(async () => {
        for (const each of images) await load(each)
      }),
      'helm install': await timeOf(async () => {
        const words = [
          'upgrade',
          '--install',
          'hand',
          chart,
          '--kube-context',
          `kind-${byHandName}`,
          '--values',
          '-',
          '--wait',
        ]
        await execa('helm', words, {input: values})
        await fetch(`http://127.0.0.1:${String(byHandPort)}/hub/login`)
      }),
    }
    say(
      `by hand: ${Object.entries(steps)
        .map(([step, ms]) => `${step} ${(ms / 1000).toFixed(1)} s`)
        .join(', ')}`,
    )
    const hub = hubAt(byHandPort, token)
    await hub.send('POST', '/users', {usernames: names})
    const students = await startAtOnce(hub, names)
    say(`${String(crowd)} at once by hand, with new volumes: ${renderCrowd(students)}`)
    return {
      crowdMs: students.allMs,
      upMs: Object.values(steps).reduce((sum, ms) => sum + ms, 0),
      oneLayerMs: await timeOf(() => load(oneLayerMore)),
      downMs: await timeOf(remove),
    }
  } finally {
    await remove()
  }
}

/** An image with one layer more than one that both clusters have. */
async function* oneLayer(jhub: RealJhub, theirs: number): AsyncIterable<Comparison> {
  const place = (kind: 'STATE' | 'DATA') => path.join(jhub.environment[`JHUB_${kind}_DIR`] ?? '', name)
  const host = realHost()
  const tools = path.join(place('STATE'), 'tools')
  const {own} = kindCluster(host, {
    hubName: name,
    state: place('STATE'),
    data: place('DATA'),
    assets: fileURLToPath(new URL('../../assets', import.meta.url)),
    kind: localProgram(host, kindWanted, {tools}),
    helm: localProgram(host, helmWanted, {tools}),
  })
  const [image] = (await own?.imagesToSend([oneLayerMore], 'servers')) ?? []
  if (own === undefined || image === undefined) return
  const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
  yield {
    what: 'an image with one layer more',
    ours: await timeOf(() => own.sendImages([image], 'servers', 1, context)),
    otherwise: 'kind load docker-image',
    theirs,
    hold: {times: 0.5},
  }
}

/** Milliseconds from a moment until the hub shows its login page. */
async function untilLogin(begun: number): Promise<number> {
  const url = `http://127.0.0.1:${String(port)}/hub/login`
  const shows = () =>
    fetch(url, {signal: AbortSignal.timeout(1_000)}).then(
      ({ok}) => ok,
      () => false,
    )
  while (!(await shows())) {
    if (performance.now() - begun > 600_000) throw new Error(`${url} shows no login page`)
    await delay(200)
  }
  return performance.now() - begun
}

/**
 * One server, then a class at once: by REST as a crowd that clicks, and by one command. The same chart by hand had new volumes
 * too; with the volumes there it is told.
 */
async function* servers(jhub: RealJhub, byHandMs: number, say: (line: string) => void): AsyncIterable<Comparison> {
  await jhub.json('user', 'add', 'alone', ...names)
  const hub = await hubOf(jhub)
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  say(`one server, with a new volume: ${seconds(await timeOf(() => startByHand(hub, 'alone')))}`)
  await jhub.json('server', 'stop', 'alone')
  say(`the same again: ${seconds(await timeOf(() => startByHand(hub, 'alone')))}`)
  await jhub.json('server', 'stop', 'alone')
  const first = await startAtOnce(hub, names)
  say(`${String(crowd)} at once, with new volumes: ${renderCrowd(first)}`)
  yield {
    what: `${String(crowd)} servers at once`,
    ours: first.allMs,
    otherwise: 'the same chart by hand',
    theirs: byHandMs,
    hold: {times: 0.5},
  }
  await jhub.json('server', 'stop', ...names)
  const {allMs: theirs} = await startAtOnce(hub, names)
  await jhub.json('server', 'stop', ...names)
  const ours = await timeOf(() => jhub.json('server', 'start', ...names))
  // By hand, nothing ran in the cluster when it was removed.
  await jhub.json('server', 'stop', ...names)
  yield {what: `${String(crowd)} servers by one command`, ours, otherwise: 'as many POSTs', theirs, hold: {times: 1.3}}
}
