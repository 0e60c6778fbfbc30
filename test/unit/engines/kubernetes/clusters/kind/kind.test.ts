import {describe, expect, it} from 'vitest'
import {readCluster, type NodeFacts} from '../../../../../../src/engines/kubernetes/clusters/findings/docker-facts.js'
import {translateDockerError} from '../../../../../../src/engines/kubernetes/clusters/docker-error.js'
import {
  clusterSettings,
  describeSettingsChange,
  hubNode,
  kindConfig,
  nodesFor,
} from '../../../../../../src/engines/kubernetes/clusters/kind/kind-config.js'
import {isFrozen, thawNodes} from '../../../../../../src/engines/kubernetes/clusters/kind/thaw-nodes.js'
import {chartImages} from '../../../../../../src/engines/kubernetes/clusters/kind/images/chart-images.js'
import {JhubError} from '../../../../../../src/errors.js'
import {parseHubSpec} from '../../../../../../src/hub-spec/parse-hub-spec.js'

const settings = {nodes: 3, nodeImage: 'kindest/node:v1.34.0', address: '127.0.0.1', port: 8000}

describe('the configuration of a kind cluster', () => {
  it('opens one port at one address, and keeps volumes on this machine', () => {
    const config = JSON.parse(kindConfig(settings, '/data/volumes')) as {nodes: readonly Record<string, unknown>[]}
    const extraMounts = [{hostPath: '/data/volumes', containerPath: '/var/local-path-provisioner'}]
    expect(config).toMatchObject({kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4'})
    expect(config.nodes).toEqual([
      {
        role: 'control-plane',
        image: 'kindest/node:v1.34.0',
        extraMounts,
        extraPortMappings: [{containerPort: 30_080, hostPort: 8000, listenAddress: '127.0.0.1', protocol: 'TCP'}],
      },
      {role: 'worker', image: 'kindest/node:v1.34.0', extraMounts},
      {role: 'worker', image: 'kindest/node:v1.34.0', extraMounts},
    ])
  })

  it('comes from the spec; an image left open is any image', () => {
    const wanted = clusterSettings(parseHubSpec('version: 1\nname: a\nmode: k8s\naccess: {port: 8001}\n'))
    expect(wanted).toEqual({nodes: 1, nodeImage: undefined, address: '127.0.0.1', port: 8001})
    expect(describeSettingsChange({...settings, nodes: 1, port: 8001}, wanted)).toEqual([])
    expect(describeSettingsChange(settings, {...settings, port: 8001, nodes: 1, nodeImage: 'other'})).toEqual([
      'endpoint 127.0.0.1:8000 → 127.0.0.1:8001',
      'nodes 3 → 1',
      'node image kindest/node:v1.34.0 → other',
    ])
  })
})

describe('the nodes for an image', () => {
  it('are the only one, or the workers that run what is in it', () => {
    const one = ['jhub-a-control-plane']
    const three = [...one, 'jhub-a-worker', 'jhub-a-worker2']
    expect([nodesFor('hub', one), nodesFor('servers', one)]).toEqual([one, one])
    expect(nodesFor('hub', three)).toEqual([hubNode('a', 3)])
    expect(nodesFor('servers', three)).toEqual(['jhub-a-worker', 'jhub-a-worker2'])
  })
})

describe('what a cluster is', () => {
  const node = (changes: Partial<NodeFacts> = {}): NodeFacts => ({
    Name: '/jhub-a-control-plane',
    Config: {Image: 'kindest/node:v1.34.0'},
    State: {Status: 'running'},
    Mounts: [{Source: '/data/volumes', Destination: '/var/local-path-provisioner'}],
    HostConfig: {PortBindings: {'30080/tcp': [{HostIp: '127.0.0.1', HostPort: '8000'}], '6443/tcp': null}},
    ...changes,
  })
  const worker = node({HostConfig: {PortBindings: null}})

  it.each([
    ['not there', [], false, 'missing'],
    ["somebody else's", [node({Mounts: []})], true, 'foreign'],
    ["another hub's", [node({Mounts: [{Source: '/x', Destination: '/var/local-path-provisioner'}]})], true, 'foreign'],
    ['interrupted while it was made', [node()], false, 'half-made'],
    ['without its endpoint', [worker], true, 'half-made'],
    ['running', [node(), worker], true, 'running'],
    ['stopped', [node({State: {Status: 'exited'}})], true, 'stopped'],
    [
      'running on Docker Desktop',
      [node({Mounts: [{Source: '/host_mnt/data/volumes', Destination: '/var/local-path-provisioner'}]})],
      true,
      'running',
    ],
  ] as const)('%s', (_, nodes, isMarked, state) => {
    expect(readCluster([...nodes], '/data/volumes', isMarked).state).toBe(state)
  })

  it('tells with what it was made', () => {
    expect(readCluster([node(), worker, worker], '/data/volumes', true)).toEqual({state: 'running', settings})
  })
})

describe('what Docker says', () => {
  it.each([
    ['Cannot connect to the Docker daemon at unix:///var/run/docker.sock', 'Docker is not running'],
    ['permission denied while trying to connect to docker.sock', 'This account may not use Docker'],
    ['Bind for 127.0.0.1:8000 failed: port is already allocated', "The hub's port is in use"],
    ['write: no space left on device', "Docker's disk is full"],
    ['failed to pull image "kindest/node:v9"', 'The node image could not be downloaded'],
  ])('%s', (said, message) => {
    const error = translateDockerError(new JhubError('JHUB-E201', 'docker ended badly', {cause: new Error(said)}))
    expect(error).toMatchObject({code: 'JHUB-E213', message})
  })

  it('is passed on when it is not known', () => {
    const error = new JhubError('JHUB-E201', 'docker ended badly', {cause: new Error('odd')})
    expect(translateDockerError(error)).toBe(error)
  })
})

describe('the images of a chart', () => {
  it('are those of its own pods, each once', () => {
    const rendered = `kind: Pod
spec:
  initContainers: [{name: first, image: "c:2"}]
  containers:
    - {name: one, image: a/b:1}
    - image: c:2
# image: no
---
kind: Deployment
spec: {template: {spec: {containers: [{image: 'd@sha256:1'}]}}}
---
kind: ConfigMap
data:
  hub.py: |
    class Choice:
        image: str
  values.yaml: |
    containers:
      - image: other:1
`
    expect(chartImages(rendered)).toEqual(['c:2', 'a/b:1', 'd@sha256:1'])
  })
})

describe('a node that was killed while a container in it was frozen', () => {
  it('is known by the words of Docker, behind those of kind', () => {
    const said = 'cannot remove container: could not kill: tried to kill container, but did not receive an exit event'
    expect(isFrozen(new JhubError('JHUB-E201', 'kind ended badly', {cause: new Error(said)}))).toBe(true)
    expect(isFrozen(new JhubError('JHUB-E201', 'kind ended badly', {cause: new Error('no such node')}))).toBe(false)
  })

  it('is thawed by a container of its own image, and no other node is', async () => {
    const asked: string[][] = []
    const docker = async (words: readonly string[]) => {
      asked.push([...words])
      return {stdout: words[0] === 'inspect' ? '0123abcd kindest/node:v1.34.0\n' : ''}
    }
    await thawNodes(docker, ['jhub-a-control-plane'])
    expect(asked.map(([verb]) => verb)).toEqual(['inspect', 'run'])
    expect(asked[1]).toContain('kindest/node:v1.34.0')
    expect(asked[1]?.at(-1)).toBe('0123abcd')
  })
})
