import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {renderNewHubSpec} from '../../../../src/hub-spec/new-hub-spec.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const head = 'version: 1\nname: workshop\nmode: k8s\n'

function complaint(source: string): string {
  try {
    parseHubSpec(head + source)
  } catch (error) {
    if (error instanceof JhubError) return error.message
    throw error
  }
  return 'no complaint'
}

describe('a spec of a hub on Kubernetes', () => {
  it('gets every default', () => {
    expect(parseHubSpec(head).k8s).toEqual({
      cluster: {kind: 'kind'},
      nodes: 1,
      values: {},
      scale: 'lean',
      storage: {size: '10Gi'},
      pod: {nodeSelector: {}, tolerations: [], extraResources: {limits: {}, guarantees: {}}},
      discovery: 'dns',
    })
  })

  it('reads everything', () => {
    const {k8s} = parseHubSpec(`${head}k8s:
  cluster: context:prod/eu
  namespace: physics
  chart: oci://registry.example/jupyterhub
  scale: cluster
  image: registry.example:5000/course:1.2
  expose: loadBalancer
  storage: {class: fast, size: 5Gi}
  discovery: environment
  pod:
    uid: 1001
    gid: 0
    fsGid: 200
    seLinuxOptions: {level: "s0:c123,c456"}
    nodeSelector: {disk: ssd}
    tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]
    extraResources: {limits: {nvidia.com/gpu: 1}}
  values: {debug: {enabled: true}}
`)
    expect(k8s).toEqual({
      cluster: {kind: 'context', name: 'prod/eu'},
      nodes: 1,
      namespace: 'physics',
      chart: 'oci://registry.example/jupyterhub',
      values: {debug: {enabled: true}},
      scale: 'cluster',
      image: 'registry.example:5000/course:1.2',
      expose: 'loadBalancer',
      storage: {class: 'fast', size: '5Gi'},
      pod: {
        uid: 1001,
        gid: 0,
        fsGid: 200,
        seLinuxOptions: {level: 's0:c123,c456'},
        nodeSelector: {disk: 'ssd'},
        tolerations: [{key: 'gpu', operator: 'Exists', effect: 'NoSchedule'}],
        extraResources: {limits: {'nvidia.com/gpu': 1}, guarantees: {}},
      },
      discovery: 'environment',
    })
  })

  it.each([
    ['k8s: {cluster: minikube}', '4:16  k8s.cluster: must be kind, docker-desktop or context:NAME'],
    ['k8s: {clustre: kind}', '4:7  k8s.clustre: there is no key "clustre" here (did you mean "cluster"?)'],
    ['k8s: {nodes: 0}', '4:14  k8s.nodes: must be at least 1'],
    ['k8s: {cluster: docker-desktop, nodes: 3}', '4:32  k8s.nodes: is only for "cluster: kind"'],
    ['k8s: {expose: nodePort}', '4:7  k8s.expose: a kind cluster always opens access.port'],
    [
      'k8s: {storage: {size: 10GB}}',
      '4:23  k8s.storage.size: must be a size as Kubernetes writes it, for example 10Gi',
    ],
    ['limits: {total: {memory: 8G}}', '4:18  limits.total.memory: needs limits.default.memory too'],
    [
      'k8s: {values: {singleuser: {memory: {limit: 2G}}}}',
      '4:38  k8s.values.singleuser.memory.limit: would be ignored: limits.default.memory gives it',
    ],
    [
      'k8s: {values: {singleuser: {cpu: {guarantee: 0.5}}}}',
      '4:35  k8s.values.singleuser.cpu.guarantee: would be ignored: limits.default.cpuGuarantee gives it',
    ],
    [
      'k8s: {values: {hub: {extraConfig: {own: "c = 1"}}}}',
      '4:36  k8s.values.hub.extraConfig.own: is the name under which hub.extraConfig of this file goes there',
    ],
    [
      'k8s: {values: {hub: {config: {loadRoles: {}}}}}',
      '4:31  k8s.values.hub.config.loadRoles: names of classes begin with a capital',
    ],
    [
      'k8s: {values: {hub: {config: {JupyterHub: {authenticator_class: github}}}}}',
      '4:44  k8s.values.hub.config.JupyterHub.authenticator_class: would be ignored',
    ],
  ])('complains of %s', (source, expected) => {
    expect(complaint(source)).toContain(expected)
  })

  it('does not look at k8s while the mode is vm', () => {
    expect(parseHubSpec('version: 1\nname: a\nmode: vm\nlimits: {total: {memory: 8G}}\n').limits.total).toEqual({
      memoryBytes: 8 * 1024 ** 3,
    })
  })

  it('is what a new one says', () => {
    const source = renderNewHubSpec({name: 'physics', mode: 'k8s', machine: 'auto', port: 8000, admin: 'admin'})
    expect(parseHubSpec(source)).toMatchObject({mode: 'k8s', k8s: {cluster: {kind: 'kind'}}})
  })
})
