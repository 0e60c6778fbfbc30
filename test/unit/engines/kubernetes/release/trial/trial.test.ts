import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {up} from '../../../../../../src/hub/up.js'
import type {KubeObject} from '../../../../../../src/engines/kubernetes/api/kube-api.js'
import {trialObjects} from '../../../../../../src/engines/kubernetes/release/trial/trial-objects.js'
import type {JhubError} from '../../../../../../src/errors.js'
import {kubernetesWorld, type KubernetesWorld} from '../../../../../contract/kubernetes-world.js'
import {quietPort} from '../../../../../fakes/quiet-port.js'

const place = {namespace: 'fake', hubName: 'fake', node: 'node-1'}
const hub = (container: object, more: object = {}) =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name: 'hub'},
    spec: {
      template: {
        spec: {
          serviceAccountName: 'hub',
          volumes: [
            {name: 'db', persistentVolumeClaim: {claimName: 'hub-db-dir'}},
            {name: 'secret', secret: {secretName: 'hub'}},
            {name: 'config', configMap: {name: 'hub'}},
            {name: 'other', secret: {secretName: 'another'}},
          ],
          containers: [{name: 'hub', image: 'example/hub:2', ...container}, {name: 'beside'}],
          ...more,
        },
      },
    },
  }) as KubeObject
const program = {
  args: ['jupyterhub', '--config', '/etc/config.py', '--upgrade-db'],
  readinessProbe: {httpGet: {path: '/'}},
  env: [{name: 'TOKEN', valueFrom: {secretKeyRef: {name: 'hub', key: 'token'}}}],
  volumeMounts: [
    {name: 'db', mountPath: '/srv'},
    {name: 'secret', mountPath: '/secret'},
  ],
}
const secret: KubeObject = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'hub'}}
const other: KubeObject = {apiVersion: 'v1', kind: 'Secret', metadata: {name: 'another'}}

describe('a trial of a new configuration', () => {
  it("is a pod as the hub's, that reads copies of what is new, writes nothing, and prints no secrets", () => {
    const objects = trialObjects([secret, other, hub(program)], place) ?? []
    expect(objects.map(({kind, metadata: {name, labels}}) => [kind, name, labels?.['component']])).toEqual([
      ['Secret', 'jhub-trial', 'jhub-trial'],
      ['Pod', 'jhub-trial', 'jhub-trial'],
    ])
    expect(objects.at(-1)).toMatchObject({
      spec: {
        serviceAccountName: 'hub',
        nodeName: 'node-1',
        restartPolicy: 'Never',
        volumes: [
          {persistentVolumeClaim: {claimName: 'hub-db-dir'}},
          {secret: {secretName: 'jhub-trial'}},
          {configMap: {name: 'jhub-trial'}},
          {secret: {secretName: 'another'}},
        ],
        containers: [
          {
            name: 'hub',
            image: 'example/hub:2',
            command: [
              'sh',
              '-c',
              'exec "$@" >/dev/null',
              'trial',
              'jupyterhub',
              '--config',
              '/etc/config.py',
              '--show-config',
              '--JupyterHub.db_url=sqlite://',
            ],
            env: [{valueFrom: {secretKeyRef: {name: 'jhub-trial'}}}],
            volumeMounts: [{name: 'db', readOnly: true}, {name: 'secret'}],
          },
        ],
      },
    })
    expect(JSON.stringify(objects)).not.toMatch(/readinessProbe|upgrade-db|beside/)
  })

  it.each([
    ['runs another program', hub({args: ['my-hub']})],
    ['is started in a way of its own', hub({...program, command: ['my-entrypoint']})],
    ['has containers that run before it', hub(program, {initContainers: [{name: 'first'}]})],
    ['is not in the chart', secret],
  ])('is none where the hub %s', (_, object) => {
    expect(trialObjects([object], place)).toBeUndefined()
  })
})

describe('new settings of a hub in a cluster', () => {
  let world: KubernetesWorld
  const edit = async (before: string, after: string) => {
    const source = (await world.files.read('/config/fake.yaml')) ?? ''
    await world.files.write('/config/fake.yaml', source.replace(before, after))
  }
  beforeEach(async () => {
    const port = await quietPort()
    world = kubernetesWorld(port)
    await up(world.context(), {port, admin: 'admin', mode: 'k8s'})
    expect(world.changes).not.toContain('apply Pod jhub-trial')
    await edit('after: 1h', 'after: 2h')
    world.changes.length = 0
  })
  afterEach(() => world.close())
  const upAgain = () => up(world.context())
  const trialsLeft = () => [...world.objects.keys()].filter((key) => key.includes('jhub-trial'))

  it('are loaded beside the running hub before helm changes it, and leave nothing behind', async () => {
    await upAgain()
    expect(world.changes.indexOf('apply Pod jhub-trial')).toBeGreaterThan(-1)
    expect(world.changes.indexOf('apply Pod jhub-trial')).toBeLessThan(world.changes.indexOf('helm begins'))
    expect(trialsLeft()).toEqual([])
  })

  it('are tried also where the cluster puts a container beside the hub that runs on', async () => {
    world.trial = 'well beside another container'
    await upAgain()
    expect(world.changes).toContain('helm begins')
    expect(trialsLeft()).toEqual([])
  })

  it('whose trial was killed leave nothing behind, also when the settings are as before again', async () => {
    for (let n = 1; n < 50 && trialsLeft().length === 0; n++) {
      world.killAt = n
      await upAgain().catch(() => undefined)
      world.revive()
    }
    expect(trialsLeft()).not.toEqual([])
    expect(world.changes).not.toContain('helm begins')
    await edit('after: 2h', 'after: 1h')
    const {changes} = await upAgain()
    expect(changes.map(({summary}) => summary).join()).toContain(
      'interrupted trial of settings left: Secret jhub-trial',
    )
    expect(trialsLeft()).toEqual([])
    expect((await upAgain()).changes).toEqual([])
  })

  it('that do not load are refused with their last words, and the hub was not touched', async () => {
    world.trial = 'Error'
    const before = world.hubFingerprint()
    const failure = (await upAgain().catch((error: unknown) => error)) as JhubError
    expect(failure).toMatchObject({code: 'JHUB-E207', cause: new Error('the last words of the hub')})
    expect(failure.message).toContain('the running hub was not touched')
    expect(world.changes).not.toContain('helm begins')
    expect(world.hubFingerprint()).toBe(before)
    expect(trialsLeft()).toEqual([])
  })

  it.each(['OutOfcpu', 'OOMKilled'])('that a node lets nobody try (%s) are applied all the same', async (why) => {
    world.trial = why
    await upAgain()
    expect(world.changes).toContain('helm begins')
    expect(trialsLeft()).toEqual([])
  })
})
