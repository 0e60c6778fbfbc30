import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Ajv} from 'ajv'
import {describe, expect, it} from 'vitest'
import {
  chartValues,
  describeValueChange,
  mergeValues,
  splitImage,
  withoutSecrets,
  type Values,
} from '../../../../../src/engines/kubernetes/chart/chart-values.js'
import {kindChartPlace} from '../../../../../src/engines/kubernetes/clusters/kind/kind-chart-place.js'
import {newSecrets} from '../../../../../src/engines/sign-in/secrets.js'
import {withImage} from '../../../../../src/engines/kubernetes/release/wanted-release.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'

const head = 'version: 1\nname: physics\nmode: k8s\n'
const secrets = newSecrets()
const files = new Map([
  ['jhub_limits.py', 'limits = 1'],
  ['jupyterhub_config.py', 'c = 1'],
])
/** Of a kind cluster, unless the settings name a context. */
const valuesOf = (source: string, extraConfig?: string) => {
  const spec = withImage(parseHubSpec(head + source))
  const place = source.includes('context:') ? undefined : kindChartPlace(spec)
  return chartValues({spec, secrets, files, extraConfig, place})
}

const everything = `access: {port: 8080}
idle: {after: 30m}
limits: {default: {memory: 1G, cpu: 1}, total: {memory: 8G, cpu: 4}}
k8s:
  scale: cluster
  image: registry.example:5000/course:1.2
  storage: {class: fast, size: 5Gi}
  discovery: environment
  pod:
    uid: 1001
    gid: 0
    fsGid: 200
    seLinuxOptions: {level: "s0:c123"}
    nodeSelector: {disk: ssd}
    tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]
    extraResources: {limits: {nvidia.com/gpu: 1}}
  values: {hub: {config: {JupyterHub: {admin_access: false}}}, debug: {enabled: true}}
`

/** What a namespace of that level asks of every container. */
const restricted = {runAsNonRoot: true, capabilities: {drop: ['ALL']}, seccompProfile: {type: 'RuntimeDefault'}}

describe('the values of the chart', () => {
  it.each([
    ['k8s: {pod: {uid: 0}}', undefined],
    ['k8s: {values: {singleuser: {allowPrivilegeEscalation: true}}}', undefined],
    ['k8s: {values: {singleuser: {uid: 1001}}}', restricted],
  ])('hold servers to the level `restricted`, unless they may be root: %s', (source, wanted) => {
    const {hub} = valuesOf(source) as {hub: {config: {KubeSpawner: Record<string, unknown>}}}
    expect(hub.config.KubeSpawner['container_security_context']).toEqual(wanted)
  })

  it('are lean for one node, with an endpoint on a fixed port and volumes that outlive the cluster', () => {
    expect(valuesOf('')).toMatchObject({
      proxy: {service: {type: 'NodePort', nodePorts: {http: 30_080}}, secretToken: secrets.proxyToken},
      scheduling: {userScheduler: {enabled: false}, userPlaceholder: {enabled: false}},
      prePuller: {hook: {enabled: false}, continuous: {enabled: false}},
      singleuser: {storage: {capacity: '10Gi', dynamic: {storageClass: 'jhub'}}},
      cull: {enabled: true, timeout: 3600, every: 600},
    })
  })

  it('are safe: nobody is let in by the chart, claims stay, servers have no privileged container', () => {
    const values = valuesOf('') as {hub: {config: Record<string, unknown>; db: unknown}; singleuser: Values}
    expect(values.hub.config).toEqual({
      JupyterHub: {authenticator_class: 'null'},
      KubeSpawner: {delete_pvc: false, container_security_context: restricted},
    })
    expect(values.hub.db).toMatchObject({pvc: {annotations: {'helm.sh/resource-policy': 'keep'}}})
    expect(values.singleuser['cloudMetadata']).toEqual({blockWithIptables: false, ip: '169.254.169.254'})
    expect(values.singleuser['networkPolicy']).toBeUndefined()
  })

  it.each([
    ['none', []],
    ['[10.0.0.0/8]', [{to: [{ipBlock: {cidr: '10.0.0.0/8'}}]}]],
    [
      '[0.0.0.0/0, "::/0"]',
      [
        {
          to: [
            {ipBlock: {cidr: '0.0.0.0/0', except: ['169.254.169.254/32']}},
            {ipBlock: {cidr: '::/0', except: ['fd00:ec2::254/128']}},
          ],
        },
      ],
    ],
  ])('let servers reach no more than egress: %s', (egress, rules) => {
    const {singleuser} = valuesOf(`access: {egress: ${egress}}`) as {singleuser: Values}
    expect(singleuser['networkPolicy']).toMatchObject({
      egress: rules,
      egressAllowRules: {cloudMetadataServer: false, nonPrivateIPs: false, privateIPs: false},
    })
  })

  it('keep JupyterLab from asking people about news, and others about updates', () => {
    expect(valuesOf('')).toMatchObject({
      singleuser: {
        extraFiles: {
          lab_json: {
            mountPath: '/etc/jupyter/labconfig/page_config.json',
            stringData: '{"disabledExtensions":{"@jupyterlab/apputils-extension:announcements":true}}\n',
          },
        },
      },
    })
  })

  it('put the hub, and the page of its errors, below the path of access.baseUrl', () => {
    const {hub, proxy} = valuesOf('access: {baseUrl: /jupyter/}\nk8s: {discovery: environment}\n') as {
      hub: {baseUrl?: string}
      proxy: {chp: {errorTarget?: string}}
    }
    expect(hub.baseUrl).toBe('/jupyter/')
    expect(proxy.chp.errorTarget).toMatch(/:\$\(HUB_SERVICE_PORT\)\/jupyter\/hub\/error$/)
  })

  it('say everything that the spec says of pods', () => {
    expect(valuesOf(everything)).toMatchObject({
      hub: {
        config: {
          JupyterHub: {authenticator_class: 'null', admin_access: false},
          KubeSpawner: {delete_pvc: false, gid: 0, container_security_context: {seLinuxOptions: {level: 's0:c123'}}},
        },
        extraFiles: {
          settings_json: {
            stringData:
              '{"discovery":"environment","idleAfterSeconds":1800,"content":null,"signIn":{"method":"password"}}',
          },
        },
      },
      proxy: {chp: {defaultTarget: 'http://$(HUB_SERVICE_HOST):$(HUB_SERVICE_PORT)'}},
      singleuser: {
        image: {name: 'registry.example:5000/course', tag: '1.2'},
        storage: {capacity: '5Gi', dynamic: {storageClass: 'fast'}},
        uid: 1001,
        fsGid: 200,
        nodeSelector: {disk: 'ssd'},
        extraTolerations: [{key: 'gpu', operator: 'Exists', effect: 'NoSchedule'}],
        extraResource: {limits: {'nvidia.com/gpu': 1}, guarantees: {}},
      },
      scheduling: {userScheduler: {enabled: true}, podPriority: {enabled: true}, userPlaceholder: {replicas: 2}},
      prePuller: {hook: {enabled: true}, continuous: {enabled: true}},
      cull: {timeout: 1800, every: 600},
      debug: {enabled: true},
    })
  })

  it('put hub and proxy where their images are brought, in a kind cluster of several nodes', () => {
    const nodeSelector = {'kubernetes.io/hostname': 'jhub-physics-worker'}
    expect(valuesOf('k8s: {nodes: 3}')).toMatchObject({hub: {nodeSelector}, proxy: {chp: {nodeSelector}}})
    expect(JSON.stringify(valuesOf(''))).not.toContain('kubernetes.io/hostname')
  })

  it('open nothing by themselves in a cluster of somebody else', () => {
    expect(valuesOf('k8s: {cluster: context:prod}')).toMatchObject({proxy: {service: {type: 'ClusterIP'}}})
    const balanced = valuesOf('k8s: {cluster: context:prod, expose: loadBalancer}')
    expect(balanced).toMatchObject({proxy: {service: {type: 'LoadBalancer'}}})
    expect(JSON.stringify(balanced)).not.toContain('"storageClass"')
  })

  it('carry the files of the hub and the person’s own Python', () => {
    const {hub} = valuesOf('', 'c.JupyterHub.x = 1') as {hub: {extraFiles: Values; extraConfig: Values}}
    expect(hub.extraFiles).toMatchObject({
      jhub_limits_py: {mountPath: '/usr/local/etc/jupyterhub/jhub/jhub_limits.py', stringData: 'limits = 1'},
      jupyterhub_config_py: {
        mountPath: '/usr/local/etc/jupyterhub/jupyterhub_config.d/jupyterhub_config.py',
        stringData: 'c = 1',
      },
    })
    expect(hub.extraConfig).toEqual({own: 'c.JupyterHub.x = 1'})
  })

  it('are kept and shown without secrets', () => {
    const text = JSON.stringify(withoutSecrets(valuesOf('')))
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
    expect(text).toContain('"NodePort"')
  })

  it('never stop culling by accident, and stop when told', () => {
    expect(valuesOf('idle: {after: never}')).toMatchObject({cull: {enabled: false}})
    expect(valuesOf('idle: {after: 500ms}')).toMatchObject({cull: {timeout: 1, every: 1}})
  })

  const schemaFile = fileURLToPath(
    new URL('../../../../../../shared/reference/z2jh-values.schema.json', import.meta.url),
  )
  if (!existsSync(schemaFile)) console.error(`SKIPPED: the official chart's schema is not at ${schemaFile}`)
  it.skipIf(!existsSync(schemaFile)).each([
    ['the least', ''],
    ['everything', everything],
    ['another cluster', 'k8s: {cluster: context:prod, expose: nodePort}'],
    ['never culling', 'idle: {after: never}'],
  ])('are allowed by the official schema: %s', (_, source) => {
    const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as {required?: unknown}
    // Helm checks what it gets over the chart's own defaults: what must be there, is there by them.
    const validate = new Ajv({strict: false, allErrors: true}).compile(withoutRequired(schema) as object)
    validate(valuesOf(source, 'c.x = 1'))
    expect(validate.errors ?? []).toEqual([])
    validate({...valuesOf(source), hub: {extraFile: {}}})
    expect(validate.errors?.[0]?.message).toContain('additional properties')
  })
})

function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired)
  if (typeof schema !== 'object' || schema === null) return schema
  const isAlternative = 'oneOf' in schema
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'required')
      .map(([key, value]) => [key, isAlternative && key === 'oneOf' ? value : withoutRequired(value)]),
  )
}

describe('values over values', () => {
  it('merge as Helm merges them: maps by key, lists whole, null as it is', () => {
    expect(mergeValues({a: {b: 1, c: [1]}, d: 1}, {a: {c: [2]}, d: null, e: {}})).toEqual({
      a: {b: 1, c: [2]},
      d: null,
      e: {},
    })
  })

  it('are told apart by path', () => {
    const before = {cull: {timeout: 3600}, hub: {image: 'a', file: 'x'.repeat(50)}}
    const after = {cull: {timeout: 7200}, hub: {file: 'y'.repeat(50)}, debug: {}}
    expect(describeValueChange(before, after)).toEqual([
      'cull.timeout 3600 → 7200',
      'hub.image a → (not set)',
      'hub.file',
      'debug (not set) → {}',
    ])
    expect(describeValueChange(before, before)).toEqual([])
  })
})

describe('an image', () => {
  it.each([
    ['python', {name: 'python', tag: 'latest'}],
    ['registry:5000/a/b', {name: 'registry:5000/a/b', tag: 'latest'}],
    ['registry:5000/a/b:1.2', {name: 'registry:5000/a/b', tag: '1.2'}],
    ['a/b@sha256:0123', {name: 'a/b@sha256', tag: '0123'}],
  ])('%s is split as the chart wants it', (image, expected) => {
    expect(splitImage(image)).toEqual(expected)
  })
})
