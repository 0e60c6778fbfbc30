import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, readFile, readdir, symlink, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest'
import {killedLimits, killedUserAdd} from '../campaign/kill-cases.js'
import {killedChange} from '../campaign/kind-campaign.js'
import {runKills} from '../campaign/run-kills.js'
import {diary} from '../campaign/standing-hub.js'
import {openBrowser} from './browser.js'
import {whyNoChromium} from './chromium.js'
import {chosenDamages} from './kind-drift.js'
import {chart, inKind, isOfficialChart, kindSpec, kubectl, whyNoKind} from './kind-lab.js'
import {signInAtProvider} from './oidc-provider.js'
import {realJhub, type RealJhub} from './real-jhub.js'
import {startUniversity} from './university.js'
import {untilDoneBy, untilReached} from './until.js'

const reason = await whyNoKind()
const noChromium = await whyNoChromium()
const root = fileURLToPath(new URL('../..', import.meta.url))
const options = {name: 'k8sluck', port: 18_630}
const node = 'jhub-k8sluck-control-plane'

describe.skipIf(reason !== undefined)('before there is a hub in a cluster', () => {
  let jhub: RealJhub
  const make = async (spec: string, environment: Record<string, string> = {}) =>
    (jhub = await realJhub({...options, spec, environment}))
  const refused = async (...words: string[]) => {
    const said = await jhub.run('up')
    expect(said, said.stderr).toMatchObject({exitCode: 3, stdout: ''})
    for (const each of words) expect(said.stderr).toContain(each)
    await expect(readdir(path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', options.name))).rejects.toThrow('ENOENT')
  }
  afterEach(() => jhub.dispose())

  it('a Docker that does not answer is named', async () => {
    await make(await kindSpec(options), {DOCKER_HOST: 'unix:///nonexistent/docker.sock'})
    await refused('docker: Docker is not running; needed: a Docker engine that answers', 'Start Docker')
  })

  it('programs that are missing are brought; when they cannot be had, that is told and nothing is left', async () => {
    const bin = await mkdtemp(path.join(tmpdir(), 'jhub-only-docker-'))
    const {stdout: docker} = await execa('which', ['docker'])
    await symlink(docker, path.join(bin, 'docker'))
    await make(await kindSpec(options), {PATH: bin, HTTPS_PROXY: 'http://127.0.0.1:9'})
    const look = await jhub.run('doctor')
    for (const name of ['kind', 'helm'])
      expect(look.stdout).toMatch(new RegExp(`ok +${name}: not on the PATH; jhub will download v\\d`))
    await refused('Could not download', 'HTTPS_PROXY', 'Code:  JHUB-E205')
  })

  it('a context that is gone is named', async () => {
    await make(
      (await kindSpec(options)).replace('cluster: kind', 'cluster: context:nosuch').replace(/ {2}node.*\n/g, ''),
    )
    await refused('cluster of context nosuch: The kubeconfig has no context nosuch, or no cluster for it')
  })

  it('an API that does not answer is told, and does not keep us waiting', async () => {
    const spec = (await kindSpec(options))
      .replace('cluster: kind', 'cluster: context:dead')
      .replace(/ {2}node.*\n/g, '')
    await make(spec)
    const kubeconfig = path.join(jhub.directory, 'dead.kubeconfig')
    await jhub.dispose()
    await make(spec, {KUBECONFIG: kubeconfig})
    await mkdir(path.dirname(kubeconfig), {recursive: true})
    await writeFile(
      kubeconfig,
      JSON.stringify({
        clusters: [{name: 'dead', cluster: {server: 'https://127.0.0.1:18639'}}],
        users: [{name: 'dead', user: {}}],
        contexts: [{name: 'dead', context: {cluster: 'dead', user: 'dead'}}],
      }),
    )
    await refused('cluster of context dead: Nothing listens at https://127.0.0.1:18639')
  })

  it('a port that is taken is named, with the program that has it', async () => {
    await make(await kindSpec(options))
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve))
    try {
      await refused(`port 18630 on 127.0.0.1: used by process ${String(process.pid)} (`)
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('values that the chart does not know are told before anything is made', async () => {
    await make((await kindSpec(options)).replace('  chart:', '  values: {hubb: {x: 1}}\n  chart:'))
    await refused('chart: it refuses the values', 'hubb')
  })

  it('a chart that is not there is named', async () => {
    await make((await kindSpec(options)).replace(chart, '/nonexistent/chart.tgz'))
    await refused('chart: there is nothing at /nonexistent/chart.tgz')
  })

  it("somebody else's cluster under our name is left alone", async () => {
    const labels = ['--label', 'io.x-k8s.kind.cluster=jhub-k8sluck', '--label', 'io.x-k8s.kind.role=control-plane']
    const image = (await execa('docker', ['images', '--quiet'])).stdout.split('\n')[0] ?? ''
    await make(await kindSpec(options))
    await execa('docker', ['create', '--name', node, ...labels, image, 'true'])
    try {
      await refused('kind cluster jhub-k8sluck: it exists, and this hub did not make it')
      await jhub.run('down', '--delete-data', '--confirm', options.name)
      expect((await execa('docker', ['ps', '--all', '--quiet', '--filter', `name=${node}`])).stdout).not.toBe('')
    } finally {
      await execa('docker', ['rm', '--force', node])
    }
  })
})

describe.skipIf(reason !== undefined)('with a hub in a kind cluster', () => {
  let jhub: RealJhub
  let passwords: Readonly<Record<string, string>> = {}
  const file = () => path.join(jhub.environment['JHUB_CONFIG_DIR'] ?? '', `${options.name}.yaml`)
  const endpoint = () => openBrowser(`http://127.0.0.1:${String(options.port)}`)
  /** Until the admin can log in: a proxy may need a moment to find a hub that came back. */
  const login = () => untilReached('the admin logs in', () => endpoint().login('admin', passwords['admin'] ?? ''))

  beforeAll(async () => {
    jhub = await realJhub({...options, spec: await kindSpec({...options, more: 'hub: {extraConfig: extra.py}\n'})})
    await writeFile(path.join(path.dirname(file()), 'extra.py'), 'c.JupyterHub.log_level = "INFO"\n')
  })
  afterAll(() => jhub.dispose())

  it('an `up` that was killed while the cluster was being made is finished by the next one', async () => {
    const child = spawn(process.execPath, [path.join(root, 'bin', 'run.js'), 'up'], {
      cwd: jhub.directory,
      env: {...process.env, ...jhub.environment},
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.once('exit', resolve))
    const isThere = async () => (await execa('docker', ['ps', '--quiet', '--filter', `name=${node}`])).stdout !== ''
    await untilDoneBy(ended, 'kind makes the node', isThere)
    child.kill('SIGKILL')
    await ended
    // kind itself goes on for a moment: its cluster has to be recognised as not made to the end.
    passwords = (await jhub.json<{passwords: Record<string, string>}>('up')).passwords
    await login()
    expect(await jhub.json('status')).toMatchObject({state: 'running', jupyterhub: '5.5.0'})
  })

  it.skipIf(!isOfficialChart)(
    'keeps servers apart from each other and from the proxy by policies of the network',
    async () => {
      const names = await kubectl(options.name, '--namespace', options.name, 'get', 'networkpolicy', '--output', 'name')
      expect(names.split('\n').map((name) => name.split('/')[1])).toEqual(['hub', 'proxy', 'singleuser'])
    },
  )

  it('a kernel that takes more memory than it may dies; its server lives', async () => {
    await jhub.json('limits', 'set', '--memory', '600M')
    await jhub.json('server', 'start', 'admin')
    const browser = endpoint()
    await browser.login('admin', passwords['admin'] ?? '')
    await browser.runCode('admin', `open("diary.txt", "w").write("${diary}")`)
    expect(await browser.runCode('admin', 'x = bytearray(900 * 1024**2); len(x)')).toBe('the kernel died')
    expect((await browser.api('admin', '/status')).status).toBe(200)
  })

  it('a server that nobody uses is stopped after the time of the spec', async () => {
    const good = await readFile(file(), 'utf8')
    await writeFile(file(), good.replace('after: 1h', 'after: 3s'))
    await jhub.json('up')
    while ((await jhub.json<{servers: readonly unknown[]}>('server', 'list')).servers.length > 0) await delay(1_000)
    await writeFile(file(), good)
    await jhub.json('up')
  })

  it("an image that nobody has for people's servers is told before the hub is touched", async () => {
    const good = await readFile(file(), 'utf8')
    const before = await hubPod()
    await writeFile(file(), good.replace('  chart:', '  image: quay.io/jupyterhub/no-such-image:1\n  chart:'))
    const said = await jhub.run('up')
    expect(said.exitCode, said.stderr).not.toBe(0)
    expect(said.stderr).toContain('k8s.image is read as image: k8s-image')
    expect(said.stderr).toContain('quay.io/jupyterhub/no-such-image')
    await writeFile(file(), good)
    expect((await jhub.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
    expect(await hubPod()).toBe(before)
  })

  it('an image of the values that nobody has is told by who starts a server', async () => {
    await jhub.json('user', 'add', 'ben')
    const good = await readFile(file(), 'utf8')
    const image = 'image: {name: quay.io/jupyterhub/no-such-image, tag: "1"}'
    await writeFile(file(), good.replace('  chart:', `  values: {singleuser: {${image}}}\n  chart:`))
    await jhub.json('up')
    const said = await jhub.run('server', 'start', 'ben')
    expect(said.exitCode).toBe(3)
    expect(said.stderr).toMatch(
      /The server of ben could not be started: the image quay\.io\/jupyterhub\/no-such-image:1 cannot be pulled: \S/,
    )
    expect(said.stderr).toContain('docker pull quay.io/jupyterhub/no-such-image:1')
    await writeFile(file(), good)
    await jhub.json('up')
  })

  const hubPod = () =>
    kubectl(options.name, '--namespace', options.name, 'get', 'pod', '--selector', 'component=hub', '--output', 'name')
  const setExtra = (python: string) => writeFile(path.join(path.dirname(file()), 'extra.py'), python)

  it('a configuration that does not load is refused with its last words, and the hub is not touched', async () => {
    const before = await hubPod()
    await setExtra('raise RuntimeError("a mistake in extra.py")\n')
    const said = await jhub.run('up')
    expect(said.exitCode, said.stderr).toBe(3)
    expect(said.stderr).toContain('Code:  JHUB-E207')
    expect(said.stderr).toContain('a mistake in extra.py')
    expect(await hubPod()).toBe(before)
    await login()
  })

  it('a configuration with which the hub does not come up is taken back, and the hub says why', async () => {
    await setExtra('c.JupyterHub.hub_bind_url = "http://203.0.113.1:8081"\n')
    const said = await jhub.run('up')
    expect(said.exitCode, said.stderr).toBe(3)
    expect(said.stderr).toContain('The hub runs again with its previous configuration')
    expect(said.stderr).toContain('annot assign requested address')
    await login()
    await setExtra('c.JupyterHub.log_level = "INFO"\n')
    expect((await jhub.json<{changes: readonly unknown[]}>('up')).changes).toEqual([])
  })

  it('an image that nobody has ends at once, with its name and what to type', async () => {
    const good = await readFile(file(), 'utf8')
    await writeFile(file(), good.replace('  chart:', '  values: {hub: {image: {tag: no-such-tag}}}\n  chart:'))
    const said = await jhub.run('up')
    expect(said.exitCode, said.stderr).toBe(3)
    expect(said.stderr).toMatch(/the image quay\.io\/jupyterhub\/k8s-hub:no-such-tag cannot be pulled: \S/)
    expect(said.stderr).toContain('the running hub was not touched')
    expect(said.stderr).toContain('docker pull quay.io/jupyterhub/k8s-hub:no-such-tag')
    await writeFile(file(), good)
    await login()
  })

  it.each(chosenDamages)('$name is named by plan and doctor, and repaired by one `up`', async ({damage, said}) => {
    await damage(jhub)
    for (const look of ['plan', 'doctor']) expect((await jhub.run(look)).stdout).toMatch(said ?? /./)
    expect((await jhub.json<{passwords: object}>('up')).passwords).toEqual({})
    await login()
    expect((await jhub.json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
  })

  it('lets people sign in at a provider whose certificate is of a private authority, and by passwords again', async () => {
    const network = '{{.NetworkSettings.Networks.kind.Gateway}}'
    const {stdout: address} = await execa('docker', ['inspect', '--format', network, node])
    const hub = `http://127.0.0.1:${String(options.port)}`
    const university = await startUniversity(hub, address)
    try {
      await university.signInFrom(jhub)
      expect(await jhub.run('auth', 'check')).toMatchObject({exitCode: 0})
      const admin = openBrowser(hub, university.authority)
      const {status, url} = await signInAtProvider(admin, 'admin')
      expect([status, url]).toEqual([200, `${hub}/hub/home`])
      expect((await admin.get('/hub/admin')).status).toBe(200)
      expect((await signInAtProvider(openBrowser(hub, university.authority), 'stranger')).status).toBe(403)
      if (noChromium === undefined) await university.signInWithChromium('admin')
      expect((await jhub.json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
      const objects = await kubectl(options.name, '--namespace', options.name, 'get', 'configmaps', '--output', 'yaml')
      expect(objects).not.toContain(university.provider.clientSecret)
    } finally {
      await university.stop()
    }
    expect((await jhub.json<{passwords: object}>('auth', 'unset', '--yes')).passwords).toEqual({})
    await login()
  })

  it.each([killedUserAdd(30), killedLimits, killedChange])(
    'killed in the middle of $title, it converges',
    async (kill) => {
      const hub = {
        jhub,
        url: `http://127.0.0.1:${String(options.port)}`,
        passwords: {admin: passwords['admin'] ?? ''},
        diary: () => inKind.readHome(jhub, 'admin', 'diary.txt'),
      }
      const {failures} = await runKills(() => Promise.resolve(hub), kill, {points: 2, looks: 'at the end'})
      expect(failures).toEqual([])
    },
  )

  it('is stopped and started, and keeps everything', async () => {
    await jhub.json('server', 'start', 'admin')
    await jhub.json('stop', '--yes')
    expect(await jhub.json('status')).toMatchObject({state: 'stopped'})
    expect((await jhub.run('user', 'list')).exitCode).toBe(0)
    expect((await jhub.json<{passwords: object}>('start')).passwords).toEqual({})
    await login()
    await jhub.json('server', 'start', 'admin')
  })

  it('a node that was killed is started by the next `up`', async () => {
    await execa('docker', ['kill', node])
    expect(await jhub.json('status')).toMatchObject({state: 'stopped'})
    const {changes} = await jhub.json<{changes: readonly {summary: string}[]}>('up')
    expect(changes.map(({summary}) => summary)).toContain('start the kind cluster jhub-k8sluck')
    await login()
  })

  it('goes without a trace', async () => {
    await jhub.json('down', '--yes')
    expect(await inKind.leftovers(jhub)).toEqual([])
  })
})
