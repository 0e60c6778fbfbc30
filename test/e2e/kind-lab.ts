import {existsSync} from 'node:fs'
import {readFile, readdir} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {officialChart} from '../../src/engines/kubernetes/chart/chart.js'
import {serveCondaChannel} from './conda-channel.js'
import type {Expected} from './hub-journey.js'
import type {RealJhub} from './real-jhub.js'

const fixtureChart = fileURLToPath(new URL('../fixtures/chart', import.meta.url))

/** The official chart, where a copy of it is at hand; else ours, which is said loudly. */
export const chart = copyOfOfficialChart() ?? fixtureChart
export const isOfficialChart = chart !== fixtureChart

function copyOfOfficialChart(): string | undefined {
  const given = process.env['JHUB_E2E_CHART']
  if (given !== undefined && existsSync(given)) return given
  console.error(
    'SKIPPED: the official chart. JHUB_E2E_CHART names no copy of it; a small chart of our own with the same values stands in.',
  )
  return undefined
}

/** Why tests on kind cannot be run here; `undefined` when they can. */
export async function whyNoKind(): Promise<string | undefined> {
  for (const words of [
    ['docker', 'info'],
    ['kind', 'version'],
    ['helm', 'version'],
  ]) {
    const [program = '', ...rest] = words
    const {exitCode, shortMessage = ''} = await execa(program, rest, {reject: false, timeout: 120_000})
    if (exitCode === 0) continue
    console.error(`SKIPPED: Kubernetes in kind. \`${words.join(' ')}\` does not work here: ${shortMessage}`)
    return shortMessage
  }
  return undefined
}

/**
 * The node image for tests. A node whose services were not enabled, because links were lost where its files were copied,
 * never becomes ready: such an image is put right in one of its own.
 */
export async function nodeImage(): Promise<string | undefined> {
  const given = process.env['JHUB_E2E_NODE_IMAGE']
  if (given === undefined) return undefined
  const wants = '/etc/systemd/system/multi-user.target.wants'
  const look = `for f in ${wants}/*.service; do [ -L "$f" ] || echo "$f"; done`
  const {stdout} = await execa('docker', ['run', '--rm', '--entrypoint', 'sh', given, '-c', look])
  if (stdout === '') return given
  const links = stdout.split('\n').map((file) => `ln -sf /etc/systemd/system/${path.basename(file)} ${file}`)
  const mended = `${given}-mended`
  await execa('docker', ['build', '--tag', mended, '-'], {
    input: `FROM ${given}\nRUN ${links.join(' && ')}\n`,
    env: {DOCKER_BUILDKIT: '0'},
  })
  return mended
}

export interface KindSpec {
  readonly name: string
  readonly port: number
  readonly nodes?: number
  /** Further lines of the spec. */
  readonly more?: string
}

export async function kindSpec({name, port, nodes = 1, more = ''}: KindSpec): Promise<string> {
  const image = await nodeImage()
  return `version: 1
name: ${name}
mode: k8s
k8s:
  cluster: kind
  nodes: ${String(nodes)}
  chart: ${chart}
${image === undefined ? '' : `  nodeImage: ${image}\n`}access: {port: ${String(port)}}
users: {admin: {admin: true}}
idle: {after: 1h}
${more}`
}

/** Asks the cluster itself, from inside its first node, and not through jhub. */
export async function kubectl(name: string, ...words: string[]): Promise<string> {
  const node = `jhub-${name}-control-plane`
  const {stdout} = await execa('docker', [
    'exec',
    '-e',
    'KUBECONFIG=/etc/kubernetes/admin.conf',
    node,
    'kubectl',
    ...words,
  ])
  return stdout
}

/** The memory limit of a container as its own kernel shows it, in bytes, on both versions of control groups. */
const memoryCode = `
import os
one, two = "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max"
print(open(one if os.path.exists(one) else two).read().strip())
`

const data = (jhub: RealJhub, ...parts: string[]) => path.join(jhub.environment['JHUB_DATA_DIR'] ?? '', ...parts)

/** How to look behind a hub in a kind cluster. */
export const inKind: Expected = {
  memoryCode,
  place: ['--cluster', 'kind'],
  changesLive: true,
  madeUpPeople: 3,
  images: true,
  condaChannel: () => serveCondaChannel(['run', '--rm', '-i', '--entrypoint', '', officialChart.serverImage]),
  readHome: (jhub, account, file) =>
    readFile(data(jhub, jhub.name, 'volumes', jhub.name, `claim-${account}`, file), 'utf8'),
  serverId: (jhub) =>
    kubectl(jhub.name, '--namespace', jhub.name, 'get', 'pod', 'jupyter-ana', '--output', 'jsonpath={.metadata.uid}'),
  async leftovers(jhub) {
    const files = await readdir(jhub.environment['JHUB_STATE_DIR'] ?? '', {recursive: true})
    const filter = `label=io.x-k8s.kind.cluster=jhub-${jhub.name}`
    const containers = await execa('docker', ['ps', '--all', '--filter', filter, '--format', '{{.Names}}'])
    const clusters = await execa('kind', ['get', 'clusters'])
    return [
      ...files,
      ...lines(containers.stdout),
      ...lines(clusters.stdout).filter((name) => name === `jhub-${jhub.name}`),
    ]
  },
  dataLeft: (jhub) => readdir(data(jhub)),
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter(Boolean)
}
