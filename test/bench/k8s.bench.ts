import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {kindCluster} from '../../src/engines/kubernetes/clusters/kind/kind-cluster.js'
import {localProgram} from '../../src/engines/kubernetes/tools/local-program.js'
import {helmWanted} from '../../src/engines/kubernetes/tools/helm-program.js'
import {kindWanted} from '../../src/engines/kubernetes/clusters/kind/kind-program.js'
import {realHost} from '../../src/host/real-host.js'
import {kindSpec, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {until} from '../e2e/until.js'
import {deleteCluster, kindByHand} from './by-hand-kind.js'
import {renderCrowd, startAtOnce} from './crowd.js'
import {hubOf, startByHand} from './hub-by-hand.js'
import {runQuietly, Skipped, timeOf, type Comparison} from './measure.js'
import {restedDisk} from './rested-disk.js'
import {listPeople, upAgain} from './small-verbs.js'

const name = 'k8sbench'
const port = 18_690
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
 * machine to itself, and nothing is removed before both are measured.
 */
export async function* bench(say: (line: string) => void): AsyncIterable<Comparison> {
  const reason = await whyNoKind()
  if (reason !== undefined) throw new Skipped(reason)
  await deleteCluster()
  const jhub = await realJhub({name, port, spec: await kindSpec({name, port})})
  try {
    await runQuietly(['sh', '-c', 'docker save "$@" >/dev/null', 'sh', ...images, oneLayerMore])
    await restedDisk(say)
    const hand = await kindByHand({images, oneLayerMore, people: names}, say)
    await hand.pause()
    const [loginMs, upMs] = await Promise.all([timeOf(untilLogin), timeOf(() => jhub.json('up'))])
    const byHands = {otherwise: 'by hand', theirs: hand.upMs, hold: {times: 0.6}}
    yield {what: 'up, to the login page', ours: loginMs, ...byHands}
    yield {what: "up, with everybody's image in the cluster too", ours: upMs, ...byHands}
    yield await upAgain(jhub)
    yield await listPeople(jhub)
    yield* servers(jhub, hand.crowdMs, say)
    yield* oneLayer(jhub, hand.oneLayerMs)
    const ours = await timeOf(() => jhub.json('down', '--yes'))
    yield {what: 'down', ours, otherwise: 'kind delete cluster', theirs: await hand.remove(), hold: {times: 1.5}}
  } finally {
    await jhub.dispose()
    await deleteCluster()
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

/** Each look is a connection of its own, as those of `isHubReady`. */
function untilLogin(): Promise<void> {
  const page = `http://127.0.0.1:${String(port)}/hub/login`
  return until('the login page shows', () =>
    fetch(page, {headers: {connection: 'close'}, signal: AbortSignal.timeout(1_000)}).then(
      ({ok}) => ok,
      () => false,
    ),
  )
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
