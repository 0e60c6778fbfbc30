import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {parse, stringify} from 'yaml'
import {officialChart} from '../../src/engines/kubernetes/chart/chart.js'
import {realHost} from '../../src/host/real-host.js'
import {openBrowser} from './browser.js'
import {chartRepository} from './chart-repository.js'
import {chart, inKind, kindSpec, kubectl, whyNoKind} from './kind-lab.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {startRegistry, type Registry} from './registry.js'

const reason = await whyNoKind()

const guestSpec = (namespace: string) => `version: 1
name: k8sguest
mode: k8s
k8s:
  cluster: context:kind-jhub-k8smany
  namespace: ${namespace}
  chart: ${chart}
  storage: {class: standard, size: 1Gi}
  discovery: environment
  pod: {uid: 1000, fsGid: 100, nodeSelector: {kubernetes.io/os: linux}}
users: {admin: {admin: true}, ana: {}, ben: {}}
limits:
  default: {memory: 600M, cpu: 1}
  total: {memory: 1G, cpu: 4}
`

describe.skipIf(reason !== undefined)('a cluster of three nodes, and a second hub in it', () => {
  let host: RealJhub
  let guest: RealJhub
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'jhub-many-'))
    const options = {name: 'k8smany', port: 18_620}
    host = await realJhub({...options, spec: await kindSpec({...options, nodes: 3})})
    guest = await realJhub({
      name: 'k8sguest',
      port: 18_621,
      spec: guestSpec('k8sguest'),
      environment: {KUBECONFIG: path.join(host.environment['JHUB_STATE_DIR'] ?? '', 'k8smany', 'kubeconfig')},
    })
  })
  afterAll(async () => {
    await guest.dispose()
    await host.dispose()
    await rm(directory, {recursive: true, force: true})
  })

  it('comes up on three nodes, and a server runs on one of them', async () => {
    await host.json('up')
    const nodes = await kubectl('k8smany', 'get', 'nodes', '--output', 'name')
    expect(nodes.split('\n')).toHaveLength(3)
    await host.json('server', 'start', 'admin')
    const {servers} = await host.json<{servers: readonly {state: string}[]}>('server', 'list')
    expect(servers).toMatchObject([{state: 'running'}])
    await host.json('server', 'stop', 'admin')
  })

  it('comes back when it was stopped, also when its nodes have changed their addresses', async () => {
    const names = ['jhub-k8smany-control-plane', 'jhub-k8smany-worker', 'jhub-k8smany-worker2']
    const addressOf = async (name: string) =>
      (await execa('docker', ['inspect', '--format', '{{.NetworkSettings.Networks.kind.IPAddress}}', name])).stdout
    const addresses = () => Promise.all(names.map(addressOf))
    const before = await addresses()
    await host.json('stop', '--yes')
    expect(await host.json('status')).toMatchObject({state: 'stopped'})
    // Docker gives them in the order of the start: who had the first comes last, and everyone has another.
    const [first = '', ...others] = names.toSorted((one, other) =>
      (before[names.indexOf(one)] ?? '').localeCompare(before[names.indexOf(other)] ?? '', undefined, {numeric: true}),
    )
    for (const name of [...others, first]) await execa('docker', ['start', name])
    const after = await addresses()
    expect(after.filter((address, index) => address === before[index])).toEqual([])
    await host.json('start')
    await host.json('server', 'start', 'admin')
    await host.json('server', 'stop', 'admin')
    expect((await host.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
  })

  it('says which rights an account lacks, and touches nothing', async () => {
    await kubectl('k8smany', 'create', 'serviceaccount', 'narrow')
    const toNarrow = ['--clusterrole=view', '--serviceaccount=default:narrow']
    await kubectl('k8smany', 'create', 'clusterrolebinding', 'narrow', ...toNarrow)
    const kubeconfig = path.join(directory, 'narrow.yaml')
    const token = await kubectl('k8smany', 'create', 'token', 'narrow')
    const admins = parse(await readFile(guest.environment['KUBECONFIG'] ?? '', 'utf8')) as {
      users: readonly {name: string}[]
    }
    await writeFile(kubeconfig, stringify({...admins, users: admins.users.map(({name}) => ({name, user: {token}}))}))
    const narrow = await realJhub({
      name: 'k8sguest',
      port: 18_622,
      spec: guestSpec('k8sguest'),
      environment: {KUBECONFIG: kubeconfig},
    })
    try {
      const said = await narrow.run('up')
      expect(said.exitCode).toBe(3)
      expect(said.stderr).toContain(
        'rights in k8sguest: this account may not create, get, patch, delete, list, update secrets; ',
      )
      expect(said.stderr).toContain('create pods/portforward')
      expect(said.stderr).not.toContain('list pods')
      expect(await kubectl('k8smany', 'get', 'namespaces', '--output', 'name')).not.toContain('k8sguest')
    } finally {
      await narrow.dispose()
    }
  })

  it("puts a second hub into it as somebody else's cluster, reached through its API alone", async () => {
    const answer = await guest.json<{passwords: Record<string, string>}>('up')
    expect(Object.keys(answer.passwords).sort()).toEqual(['admin', 'ana', 'ben'])
    expect((await guest.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
    const services = await kubectl(
      'k8smany',
      '--namespace',
      'k8sguest',
      'get',
      'service',
      'proxy-public',
      '--output',
      'jsonpath={.spec.type}',
    )
    expect(services).toBe('ClusterIP')
  })

  it('starts a server there, without rights in the cluster, and says who has no room any more', async () => {
    await guest.json('server', 'start', 'ana')
    const pod = await kubectl('k8smany', '--namespace', 'k8sguest', 'get', 'pod', 'jupyter-ana', '--output', 'json')
    const {spec} = JSON.parse(pod) as {
      spec: {automountServiceAccountToken?: boolean; volumes: readonly object[]; containers: readonly object[]}
    }
    expect(spec.automountServiceAccountToken).toBe(false)
    expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken')
    // By what its image calls so, and without a package that takes half of its start.
    expect(JSON.stringify(spec.containers)).toMatch(/"jupyterhub-singleuser",.*rfc3987_syntax/)
    const said = await guest.run('server', 'start', 'ben')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toContain('The hub has no memory left for one more server')
    // The quota is for people's servers alone: the hub restarts under it.
    await writeFile(
      path.join(guest.environment['JHUB_CONFIG_DIR'] ?? '', 'k8sguest.yaml'),
      `${guestSpec('k8sguest')}idle: {after: 2h}\n`,
    )
    expect((await guest.run('up')).exitCode).toBe(0)
    expect((await guest.json<{servers: readonly unknown[]}>('server', 'list')).servers).toHaveLength(1)
  })

  it('changes a running server in place within the quota, and not beyond it', async () => {
    const change = (memory: string) =>
      guest.json<Record<'changedInPlace' | 'mustRestart', readonly {user: string}[]>>(
        'limits',
        'set',
        '--user',
        'ana',
        '--memory',
        memory,
      )
    expect((await change('800M')).changedInPlace.map(({user}) => user)).toEqual(['ana'])
    expect((await change('3G')).mustRestart.map(({user}) => user)).toEqual(['ana'])
  })

  describe('with a registry that wants an account', () => {
    let registry: Registry
    let before = ''
    const file = () => path.join(guest.environment['JHUB_CONFIG_DIR'] ?? '', 'k8sguest.yaml')
    const inGuest = (...words: string[]) => kubectl('k8smany', '--namespace', 'k8sguest', ...words)
    const inServer = (...words: string[]) => inGuest('exec', 'jupyter-ben', '--', ...words)
    const image = () => inGuest('get', 'pod', 'jupyter-ben', '--output', 'jsonpath={.spec.containers[0].image}')
    const byDigest = () => new RegExp(`^${registry.host}/courses/k8sguest@sha256:[0-9a-f]{64}$`)
    const login = (word: string) =>
      guest.runWithInput(word, 'image', 'login', '--user', registry.account.username, '--password-file', '-')
    const planned = async () => (await guest.json<{changes: readonly unknown[]}>('plan')).changes
    const giveBack = async (name: string) => {
      await guest.json('server', 'stop', 'ben')
      await guest.json('image', 'unset', '--user', 'ben')
      await guest.json('image', 'remove', name)
    }

    beforeAll(async () => {
      const names = (await kubectl('k8smany', 'get', 'nodes', '--output', 'name')).replaceAll('node/', '').split('\n')
      registry = await startRegistry('k8smany-registry', names)
      before = await readFile(file(), 'utf8')
      await writeFile(file(), before.replace('k8s:\n', `k8s:\n  registry: ${registry.host}/courses\n`))
      await guest.json('server', 'stop', 'ana')
    })
    afterAll(async () => {
      await registry.stop()
      await writeFile(file(), before)
    })

    it('has images with packages from there, by their digest', async () => {
      const add = ['image', 'add', 'data', '--package', 'tabulate']
      const refused = await guest.run(...add)
      expect(refused.exitCode).toBe(3)
      expect(refused.stderr).toContain(`jhub image login ${registry.host}`)
      expect((await login('another')).stderr).toContain(`The registry ${registry.host} refuses`)
      expect((await login(registry.account.password)).exitCode).toBe(0)
      await guest.json(...add)
      await guest.json('image', 'use', 'data', '--user', 'ben')
      await guest.json('server', 'start', 'ben')
      expect(await image()).toMatch(byDigest())
      expect(await inServer('python3', '-c', 'import tabulate; print(tabulate.tabulate([[7]]))')).toContain('7')
      expect(await planned()).toEqual([])
      await giveBack('data')
    })

    it('has the image of a Dockerfile from there, in the next state and in the one before', async () => {
      const course = path.join(directory, 'course')
      const week = async (text: string) => writeFile(path.join(course, 'week.txt'), text)
      const seen = () => inServer('cat', '/opt/week.txt')
      await mkdir(course)
      await writeFile(path.join(course, 'Dockerfile'), `FROM ${officialChart.serverImage}\nCOPY week.txt /opt/\n`)
      await week('one')
      await guest.json('image', 'add', 'course', '--build', course)
      await guest.json('image', 'use', 'course', '--user', 'ben')
      await guest.json('server', 'start', 'ben')
      expect([await seen(), await image()]).toEqual(['one', expect.stringMatching(byDigest())])

      await week('two')
      await guest.json('image', 'logout')
      const refused = await guest.run('image', 'build', 'course')
      expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('refuses access')])
      expect((await login(registry.account.password)).exitCode).toBe(0)
      await guest.json('image', 'build', 'course')
      await guest.json('server', 'restart', '--outdated')
      expect(await seen()).toBe('two')
      await guest.json('image', 'rollback', 'course')
      await guest.json('server', 'restart', '--outdated')
      expect([await seen(), await planned()]).toEqual(['one', []])
      await giveBack('course')
    })

    it('starts a server once there is an account for its image, although an earlier start hangs', async () => {
      await guest.json('image', 'add', 'late', '--package', 'humanize')
      await guest.json('image', 'use', 'late', '--user', 'ben')
      await guest.json('image', 'logout')
      const refused = await guest.run('server', 'start', 'ben')
      expect(refused.exitCode).toBe(3)
      expect(refused.stderr).toContain(`jhub image login ${registry.host}`)
      expect((await login(registry.account.password)).exitCode).toBe(0)
      await guest.json('server', 'start', 'ben')
      await giveBack('late')
    })
  })

  it('is not stopped as if it were ours, and does not take a namespace of somebody else', async () => {
    const stop = await guest.run('stop', '--yes')
    expect(stop.exitCode).toBe(2)
    expect(stop.stderr).toContain('jhub can stop and start only what it made itself')
    const other = await realJhub({
      name: 'k8sguest',
      port: 18_622,
      spec: guestSpec('default'),
      environment: {KUBECONFIG: guest.environment['KUBECONFIG'] ?? ''},
    })
    try {
      const said = await other.run('up')
      expect(said.exitCode).toBe(3)
      expect(said.stderr).toContain('namespace default: it exists, and this hub did not make it')
    } finally {
      await other.dispose()
    }
  })

  it('goes away and leaves volumes, then those too when told, and never the cluster', async () => {
    await guest.json('down', '--yes')
    const left = await kubectl(
      'k8smany',
      '--namespace',
      'k8sguest',
      'get',
      'all,pvc,configmap,secret,resourcequota',
      '--output',
      'name',
    )
    expect(
      left
        .split('\n')
        .filter((line) => !line.includes('kube-root-ca'))
        .sort(),
    ).toEqual([
      'persistentvolumeclaim/claim-ana',
      'persistentvolumeclaim/claim-ben',
      'persistentvolumeclaim/hub-db-dir',
    ])
    expect((await guest.json<{passwords: object}>('up')).passwords).toEqual({})
    expect((await guest.run('down', '--delete-data', '--confirm', 'k8sguest')).exitCode).toBe(0)
    const namespaces = await kubectl('k8smany', 'get', 'namespaces', '--output', 'name')
    expect(namespaces).not.toContain('k8sguest')
    expect(await openBrowser('http://127.0.0.1:18620').get('/hub/login')).toMatchObject({status: 200})
  })

  it('comes up without jhub by the commands that export shows, and people get their passwords', async () => {
    const repository = await chartRepository(chart, directory)
    const port = String(await realHost().processes.freePort())
    try {
      const values = path.join(directory, 'values.yaml')
      const {commands} = await guest.json<{commands: readonly string[]}>('export', 'z2jh', '--output', values)
      const script = commands.join('\n').replaceAll(/\b8000\b/g, port)
      const env = {...repository.environment, KUBECONFIG: guest.environment['KUBECONFIG'] ?? ''}
      const input = 'a long enough phrase\n'.repeat(3)
      await execa('bash', ['-c', `trap 'kill $(jobs -p)' EXIT\nset -e\n${script}`], {env, input})
    } finally {
      repository.close()
    }
    const inGuest = (...words: string[]) => kubectl('k8smany', '--namespace', 'k8sguest', ...words)
    const nodePort = await inGuest('get', 'service', 'proxy-public', '--output', 'jsonpath={.spec.ports[0].nodePort}')
    const node = await inGuest('get', 'nodes', '--output', 'jsonpath={.items[0].status.addresses[0].address}')
    const url = `http://${node}:${nodePort}`
    for (const name of ['admin', 'ana', 'ben'])
      expect(await openBrowser(url).login(name, 'a long enough phrase'), name).toBe(true)
    expect(await openBrowser(url).login('stranger', 'a long enough phrase')).toBe(false)
  })

  it('is gone with all its nodes', async () => {
    await host.json('down', '--yes')
    expect(await inKind.leftovers(host)).toEqual([])
  })
})
