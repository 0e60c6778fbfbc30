import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import type {KubeObject} from '../../src/engines/kubernetes/api/kube-api.js'
import {JhubError} from '../../src/errors.js'
import {imageAdd, imageGive} from '../../src/hub/image/image-change.js'
import {imageLogin, imageLogout, registryToAsk} from '../../src/hub/image/image-login.js'
import {down} from '../../src/hub/down.js'
import {doctor} from '../../src/hub/doctor/doctor.js'
import {plan} from '../../src/hub/plan.js'
import {up} from '../../src/hub/up.js'
import {kubernetesWorld, type KubernetesWorld} from './kubernetes-world.js'
import {quietPort} from '../fakes/quiet-port.js'

const spec = (more = '', rules = '') => `version: 1
name: fake
mode: k8s
k8s: {cluster: "context:course", registry: registry.example/courses${more}}
users: {admin: {admin: true}}
${rules}`
const registry = 'registry.example'
const ana = {username: 'ana', password: 'geheim'}
const accountsFile = '/state/fake/registry-accounts.json'

describe('a registry between this computer and a cluster of others', () => {
  let world: KubernetesWorld
  const begin = async (text: string) => {
    world = kubernetesWorld(await quietPort(), {isOwn: false})
    await world.files.write('/config/fake.yaml', text)
    await apply()
  }
  const apply = () => up(world.context())
  const add = () => imageAdd(world.context(), {name: 'data', packages: ['pandas'], dryRun: false})
  const login = (account: typeof ana | 'of docker login') => imageLogin(world.context(), {registry, account})
  const summaries = async () => (await plan(world.context())).changes.map(({summary}) => summary)
  const secret = (name: string, key: string) => {
    const {data = {}} = (world.objects.get(`Secret/fake/${name}`) ?? {}) as {readonly data?: Record<string, string>}
    return Buffer.from(data[key] ?? '', 'base64').toString()
  }
  const auths = () => (JSON.parse(secret('jhub-registry', '.dockerconfigjson')) as {auths: object}).auths
  beforeEach(() => begin(spec()))
  afterEach(async () => {
    await world.close()
  })

  it('asks for an account before anybody is given anything, takes it once it is right, and gives it to the nodes', async () => {
    world.registry.only = 'ana:geheim'
    const before = await world.files.read('/config/fake.yaml')
    await expect(add()).rejects.toMatchObject({code: 'JHUB-E236'})
    expect([await world.files.read('/config/fake.yaml'), await summaries()]).toEqual([before, []])

    await expect(login({...ana, password: 'wrong'})).rejects.toMatchObject({code: 'JHUB-E236'})
    expect([await world.files.read(accountsFile), auths()]).toEqual([undefined, {}])
    expect(await login({...ana, password: 'geheim\n'})).toEqual({registry, user: 'ana', outcome: 'applied'})
    expect(auths()).toMatchObject({[registry]: ana})
    expect(world.files.entries.get(accountsFile)?.mode).toBe(0o600)
    expect((await add()).outcome).toBe('applied')
    expect(await summaries()).toEqual([])
    expect([...world.registry.held]).toEqual([expect.stringMatching(/^registry\.example\/courses\/fake@sha256:/)])
  })

  it('keeps accounts that another computer gave, and forgets the one that is taken away', async () => {
    await login(ana)
    await imageLogin(world.context(), {registry: 'quay.io', account: {username: 'ben', password: 'b'}})
    await world.files.remove(accountsFile)
    await apply()
    expect(Object.keys(auths()).toSorted()).toEqual(['quay.io', registry])
    expect(await imageLogout(world.context(), undefined)).toEqual({registry, wasThere: true})
    expect(await imageLogout(world.context(), registry)).toEqual({registry, wasThere: false})
    expect([Object.keys(auths()), await summaries()]).toEqual([['quay.io'], []])
  })

  it('does not take an account back from another computer that has it still, until somebody gives it again', async () => {
    await login(ana)
    const elsewhere = (await world.files.read(accountsFile)) ?? ''
    await imageLogout(world.context(), undefined)
    await world.files.write(accountsFile, elsewhere)
    await apply()
    expect([auths(), await summaries()]).toEqual([{}, []])
    await login({...ana, password: 'new'})
    expect(auths()).toMatchObject({[registry]: {password: 'new'}})
    await apply()
    expect(auths()).toMatchObject({[registry]: {password: 'new'}})
  })

  it('forgets no account while the cluster cannot be asked, which would give it back', async () => {
    await login(ana)
    world.unreachable = new JhubError('JHUB-E211', 'The cluster does not answer')
    await expect(imageLogout(world.context(), undefined)).rejects.toMatchObject({code: 'JHUB-E211'})
    world.unreachable = undefined
    expect(Object.keys(JSON.parse((await world.files.read(accountsFile)) ?? '{}') as object)).toEqual([registry])
    expect(await imageLogout(world.context(), undefined)).toEqual({registry, wasThere: true})
    expect([auths(), await world.files.read(accountsFile)]).toEqual([{}, undefined])
  })

  it('forgets no account that something in the cluster puts back', async () => {
    await login(ana)
    const set = world.objects.set.bind(world.objects)
    world.objects.set = (key, object) => (key === 'Secret/fake/jhub-registry' ? world.objects : set(key, object))
    const failure = await imageLogout(world.context(), undefined).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E210'})
    expect(String(failure)).toContain('still has the account for registry.example')
  })

  it('takes the account that was given last, on whichever computer, and also after one whose clock is ahead', async () => {
    await login(ana)
    const giveElsewhere = (password: string, given: string) =>
      world.files.write(accountsFile, JSON.stringify({[registry]: {...ana, password, given}}))
    await giveElsewhere('stale', '2020-01-01T00:00:00.000Z')
    await apply()
    expect(auths()).toMatchObject({[registry]: ana})
    await giveElsewhere('ahead', '2999-01-01T00:00:00.000Z')
    await apply()
    expect(auths()).toMatchObject({[registry]: {password: 'ahead'}})
    await world.files.remove(accountsFile)
    await login(ana)
    expect(auths()).toMatchObject({[registry]: ana})
  })

  it('does not say that servers have an account where the hub was brought up before they named one', async () => {
    const release = world.objects.get('Secret/fake/jhub-release') as KubeObject & {readonly data: object}
    const values = Buffer.from(JSON.stringify({singleuser: {}})).toString('base64')
    world.objects.set('Secret/fake/jhub-release', {...release, data: {'values.json': values}} as KubeObject)
    expect(await login(ana)).toMatchObject({outcome: 'kept'})
    expect(auths()).toEqual({})
    world.objects.set('Secret/fake/jhub-release', release)
    expect(await login(ana)).toMatchObject({outcome: 'applied'})
  })

  it("does not read Docker's accounts for one that was typed", async () => {
    world.registry.registryLogin = () => Promise.reject(new JhubError('JHUB-E203', 'config.json is damaged'))
    const wanted = await registryToAsk(world.context(), undefined)
    await expect(wanted.isInDocker()).rejects.toMatchObject({code: 'JHUB-E203'})
    expect(await imageLogin(world.context(), {registry: wanted.registry, account: ana})).toMatchObject({user: 'ana'})
  })

  it("takes Docker's own account only when it is told to, and never a token that nodes cannot use", async () => {
    await expect(login('of docker login')).rejects.toThrow('Docker has no account for registry.example')
    world.registry.ofDocker = {serveraddress: registry, identitytoken: 'token'}
    expect(await (await registryToAsk(world.context(), undefined)).isInDocker()).toBe(false)
    await expect(login('of docker login')).rejects.toThrow('a token for registry.example that nodes')
    world.registry.ofDocker = {serveraddress: registry, ...ana}
    world.registry.only = 'ana:geheim'
    await add()
    expect(auths()).toEqual({})
    await login('of docker login')
    expect(auths()).toMatchObject({[registry]: ana})
  })

  it('that takes no images from the account is said before anything is built', async () => {
    world.registry.closed = 'denied: requested access to the resource is denied'
    await login(ana)
    const count = world.changes.length
    await expect(add()).rejects.toThrow(
      'The registry registry.example takes no images at registry.example/courses/fake (asked as ana)',
    )
    expect(world.changes.slice(count).filter((each) => /^(?:build|push) /.test(each))).toEqual([])
    // Nodes download it where it is.
    await imageAdd(world.context(), {name: 'course', oci: 'quay.io/jupyter/scipy-notebook:1', dryRun: false})
  })

  it('is of no account once everything was pushed: a hub comes up without it, and doctor warns', async () => {
    await add()
    world.registry.trouble = new JhubError('JHUB-E236', 'The registry registry.example does not answer', {fix: 'curl'})
    expect((await apply()).changes).toEqual([])
    const {findings} = await doctor(world.context())
    expect(findings).toContainEqual(
      expect.objectContaining({check: 'registry registry.example', state: 'warning', fix: 'curl'}),
    )
  })

  it('that does not answer is said before the hub is touched, where an image is still to be pushed', async () => {
    await world.files.write('/config/fake.yaml', `${spec()}images: {data: {packages: [pandas]}}\n`)
    world.registry.trouble = new JhubError('JHUB-E236', 'The registry registry.example does not answer', {fix: 'curl'})
    const count = world.changes.length
    await expect(apply()).rejects.toMatchObject({code: 'JHUB-E200'})
    // Where the lock of this command stands.
    expect(world.changes.slice(count)).toEqual(['make /state'])
  })

  it('takes everything anew when the spec names another one', async () => {
    await add()
    await imageGive(world.context(), {name: 'data', scope: {kind: 'default'}, dryRun: false})
    const text = (await world.files.read('/config/fake.yaml')) ?? ''
    await world.files.write('/config/fake.yaml', text.replace('registry.example/courses', 'ghcr.io/team'))
    expect((await summaries()).join()).toMatch(/push data-[0-9a-f]{12} to ghcr\.io\/team\/fake/)
    await apply()
    expect(Object.values(JSON.parse(secret('jhub-pushed', 'images.json')) as object)).toEqual([
      expect.stringMatching(/^ghcr\.io\/team\/fake@sha256:/),
    ])
    expect(await summaries()).toEqual([])
  })

  it('is not asked for an image of others, which nodes download where it is', async () => {
    await imageAdd(world.context(), {name: 'course', oci: 'quay.io/jupyter/scipy-notebook:1', dryRun: false})
    expect([...world.registry.held]).toEqual([])
    const {policy} = world.hubState?.groups.get('jhub-policy')?.properties as {policy: {images: {built: object}}}
    expect(policy.images.built).toEqual({
      course: expect.stringMatching(/^quay\.io\/jupyter\/scipy-notebook@sha256:[0-9a-f]{64}$/) as string,
    })
  })

  it('gives a hub of many nodes its images before somebody needs them', async () => {
    await world.close()
    await begin(spec(', scale: cluster'))
    await add()
    expect((await summaries()).join()).toContain('prePuller.extraImages.jhub-data-image')
    await apply()
    const [reference = ''] = world.registry.held
    const [name = '', tag = ''] = reference.split('@sha256:')
    const values = JSON.parse(secret('hub', 'values')) as {
      prePuller: {extraImages: object}
      singleuser: {image: {pullSecrets: object}}
    }
    expect(values.prePuller.extraImages).toEqual({'jhub-data-image': {name: `${name}@sha256`, tag}})
    expect(values.singleuser.image.pullSecrets).toEqual([{name: 'jhub-registry'}])
    expect(await summaries()).toEqual([])
  })

  it('leaves nothing of the hub in the cluster and here when the hub goes', async () => {
    await login(ana)
    await add()
    await down(world.context(), {deleteData: false, dryRun: false})
    expect([...world.objects.keys()].filter((key) => key.startsWith('Secret/'))).toEqual([])
    expect(await world.files.read(accountsFile)).toBeUndefined()
  })

  it('does not take the place of a Secret that somebody else made', async () => {
    world.objects.set('Secret/fake/jhub-registry', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'jhub-registry', namespace: 'fake'},
    })
    await expect(login(ana)).rejects.toMatchObject({code: 'JHUB-E403'})
  })

  it('neither takes accounts from such a Secret nor takes one out of it', async () => {
    const text = JSON.stringify({auths: {'quay.io': {username: 'ben', password: 'b'}}})
    world.objects.set('Secret/fake/jhub-registry', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {name: 'jhub-registry', namespace: 'fake'},
      data: {'.dockerconfigjson': Buffer.from(text).toString('base64')},
    } as KubeObject)
    expect(await imageLogout(world.context(), 'quay.io')).toEqual({registry: 'quay.io', wasThere: false})
    expect(auths()).toEqual({'quay.io': {username: 'ben', password: 'b'}})
  })

  const node = (name: string, architecture: string, labels = {}) =>
    world.objects.set(`Node//${name}`, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {name, labels},
      status: {nodeInfo: {operatingSystem: 'linux', architecture}},
    } as KubeObject)

  it('makes no image that none of the nodes can run, and says so before that', async () => {
    node('one', 'arm64')
    await expect(add()).rejects.toMatchObject({
      code: 'JHUB-E230',
      message: 'The image data was not built: images are made for linux/amd64, and the nodes are linux/arm64',
    })
    expect([...world.builder.made.keys()]).toEqual([])
    await world.files.write('/config/fake.yaml', spec('', 'images: {data: {packages: [pandas]}}'))
    await expect(apply()).rejects.toThrow('processors: images are made for linux/amd64, and the nodes are linux/arm64')
  })

  it('names nodes that cannot run images, unless servers do not go there', async () => {
    node('one', 'arm64')
    node('two', 'amd64', {'kubernetes.io/arch': 'amd64'})
    expect((await add()).outcome).toBe('applied')
    const findings = async (more: string) => {
      await world.files.write('/config/fake.yaml', spec(more, 'images: {data: {packages: [pandas]}}'))
      return (await doctor(world.context())).findings.filter(({check}) => check === 'processors')
    }
    expect(await findings('')).toMatchObject([
      {state: 'warning', found: expect.stringContaining('some nodes are linux/arm64') as string},
    ])
    expect(await findings(', pod: {nodeSelector: {kubernetes.io/arch: amd64}}')).toMatchObject([{state: 'ok'}])
  })

  it.each([
    [{username: '', password: 'x'}, 'its name is empty'],
    [{username: 'a b', password: 'x'}, 'a space'],
    [{username: 'ana', password: '\r\n'}, 'the password is empty'],
    [{username: 'ana', password: 'one\ntwo'}, 'a line break'],
  ])('takes no account that cannot be one: %j', async (account, why) => {
    const failure = await login(account).catch((error: unknown) => error)
    expect(failure).toMatchObject({code: 'JHUB-E100'})
    expect(String(failure)).toContain(why)
    expect(String(failure)).not.toContain('two')
  })
})

describe('where no registry is needed', () => {
  it('a kind cluster says who downloads there', async () => {
    const port = await quietPort()
    const world = kubernetesWorld(port)
    await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
    await expect(registryToAsk(world.context(), 'ghcr.io')).rejects.toThrow("This computer's Docker downloads images")
    await world.close()
  })
})
