import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {setTimeout as delay} from 'node:timers/promises'
import {execa} from 'execa'
import {kindCluster} from '../../src/engines/kubernetes/clusters/kind/kind-cluster.js'
import {helmWanted, kindWanted, localProgram} from '../../src/engines/kubernetes/tools/local-program.js'
import {realHost} from '../../src/host/real-host.js'
import {chart, kindSpec, nodeImage, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {hubOf, startByHand} from './hub-by-hand.js'
import {medianOf, percentile, runQuietly, timeOf, type Comparison} from './measure.js'

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

/**
 * A hub on kind against the documented commands by hand, images on this machine in both. One after the other: each has the
 * machine to itself.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoKind()
  if (reason !== undefined) return say(`SKIPPED: ${reason}`)
  await runQuietly(['sh', '-c', 'docker save "$@" >/dev/null', 'sh', ...images, oneLayerMore])
  const hand = await byHand(say)
  const jhub = await realJhub({name, port, spec: await kindSpec({name, port})})
  try {
    const begun = performance.now()
    const [loginMs, upMs] = await Promise.all([untilLogin(begun), timeOf(() => jhub.json('up'))])
    const byHands = {otherwise: 'by hand', otherwiseMs: hand.upMs, hold: '0.6'}
    yield {what: 'up, to the login page', oursMs: loginMs, ...byHands}
    yield {what: "up, with everybody's image in the cluster too", oursMs: upMs, ...byHands}
    yield {
      what: 'up again, nothing to do',
      oursMs: await medianOf(3, () => jhub.json('up')),
      otherwise: 'second',
      otherwiseMs: 1000,
      hold: '2',
    }
    yield await listPeople(jhub)
    yield* oneLayer(jhub, hand.oneLayerMs)
    yield await servers(jhub, say)
    yield {
      what: 'down',
      oursMs: await timeOf(() => jhub.json('down', '--yes')),
      otherwise: 'kind delete cluster',
      otherwiseMs: hand.downMs,
      hold: '1.5',
    }
  } finally {
    await jhub.dispose()
  }
}

interface ByHand {
  readonly upMs: number
  readonly oneLayerMs: number
  readonly downMs: number
}

async function byHand(say: (line: string) => void): Promise<ByHand> {
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
    hub: {cookieSecret: 'b'.repeat(64), config: {JupyterHub: {authenticator_class: 'null'}}},
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
    return {
      upMs: Object.values(steps).reduce((sum, ms) => sum + ms, 0),
      oneLayerMs: await timeOf(() => load(oneLayerMore)),
      downMs: await timeOf(remove),
    }
  } finally {
    await remove()
  }
}

/** An image with one layer more than one that both clusters have. */
async function* oneLayer(jhub: RealJhub, otherwiseMs: number): AsyncIterable<Comparison> {
  const place = (kind: 'STATE' | 'DATA') => path.join(jhub.environment[`JHUB_${kind}_DIR`] ?? '', name)
  const host = realHost()
  const tools = path.join(place('STATE'), 'tools')
  const {own} = kindCluster(host, {
    hubName: name,
    state: place('STATE'),
    data: place('DATA'),
    assets: fileURLToPath(new URL('../../assets', import.meta.url)),
    kind: localProgram(host, kindWanted, tools),
    helm: localProgram(host, helmWanted, tools),
  })
  const [image] = (await own?.imagesToSend([oneLayerMore], 'servers')) ?? []
  if (own === undefined || image === undefined) return
  const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
  yield {
    what: 'an image with one layer more',
    oursMs: await timeOf(() => own.sendImages([image], 'servers', 1, context)),
    otherwise: 'kind load docker-image',
    otherwiseMs,
    hold: '0.5',
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

/** The first word of a small verb on a running hub. */
async function listPeople(jhub: RealJhub): Promise<Comparison> {
  const bareMs = await medianOf(5, () => runQuietly([process.execPath, '-e', '0']))
  return {
    what: 'user list',
    oursMs: await medianOf(5, () => jhub.json('user', 'list')),
    otherwise: 'node -e 0',
    otherwiseMs: bareMs,
    hold: `+ 150 ms, here ${((bareMs + 150) / bareMs).toFixed(2)}`,
  }
}

/**
 * One server, then a class at once: by REST as a crowd that clicks, and by one command. New volumes are made by another
 * program (local-path), so they are told and not compared.
 */
async function servers(jhub: RealJhub, say: (line: string) => void): Promise<Comparison> {
  const names = Array.from({length: crowd}, (_, index) => `student-${String(index)}`)
  await jhub.json('user', 'add', 'alone', ...names)
  const hub = await hubOf(jhub)
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const startAll = async () => {
    const ready: number[] = []
    const all = await timeOf(() =>
      Promise.all(names.map(async (who) => ready.push(await timeOf(() => startByHand(hub, who))))),
    )
    const percentiles = `p50 ${seconds(percentile(ready, 0.5))}, p95 ${seconds(percentile(ready, 0.95))}`
    return {all, percentiles}
  }
  say(`one server, with a new volume: ${seconds(await timeOf(() => startByHand(hub, 'alone')))}`)
  await jhub.json('server', 'stop', 'alone')
  say(`the same again: ${seconds(await timeOf(() => startByHand(hub, 'alone')))}`)
  await jhub.json('server', 'stop', 'alone')
  say(`${String(crowd)} at once, with new volumes: ${(await startAll()).percentiles}`)
  await jhub.json('server', 'stop', ...names)
  const {all, percentiles} = await startAll()
  say(`${String(crowd)} at once: ${percentiles}`)
  await jhub.json('server', 'stop', ...names)
  const oursMs = await timeOf(() => jhub.json('server', 'start', ...names))
  const {servers: running} = await jhub.json<{servers: readonly {state: string}[]}>('server', 'list')
  say(`${String(crowd - running.filter(({state}) => state === 'running').length)} failed`)
  // By hand, nothing ran in the cluster when it was removed.
  await jhub.json('server', 'stop', ...names)
  return {
    what: `${String(crowd)} servers started at once`,
    oursMs,
    otherwise: 'as many POSTs',
    otherwiseMs: all,
    hold: '1.3',
  }
}
