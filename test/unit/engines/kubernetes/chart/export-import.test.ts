import {describe, expect, it} from 'vitest'
import {parse as parseYaml} from 'yaml'
import {exportCommands, exportValues} from '../../../../../src/engines/kubernetes/chart/export-values.js'
import {withSpec} from '../../../../../src/hub-spec/import/z2jh/exported-spec.js'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../../../../src/hub-spec/document/yaml-text.js'

const source = `version: 1
name: physics
mode: k8s
users: {ana: {admin: true}, ben: {groups: [ta], limits: {memory: 4G}}}
groups: {ta: {limits: {cpu: 2}}}
limits: {default: {memory: 1G}}
`
const spec = parseHubSpec(source)

describe('a hub without jhub', () => {
  it('has its people, groups and limits in its configuration, an endpoint for a cloud, and no secret', () => {
    const values = exportValues(spec, new Map([['jhub_limits.py', 'x']]), undefined)
    expect(values).toMatchObject({
      hub: {
        config: {
          Authenticator: {admin_users: ['ana'], allowed_users: ['ana', 'ben']},
          JupyterHub: {
            load_groups: {
              ta: {users: ['ben'], properties: {}},
              'jhub-policy': {
                users: [],
                properties: {policy: {version: 1, users: {ben: {mem_limit: 4 * 1024 ** 3}}}},
              },
            },
          },
        },
      },
      proxy: {service: {type: 'LoadBalancer'}},
    })
    const text = JSON.stringify(values)
    for (const word of ['secretToken', 'cookieSecret', 'apiToken', '"storageClass"']) expect(text).not.toContain(word)
  })

  it('comes with what is typed', () => {
    expect(exportCommands(spec, 'values.yaml')).toEqual([
      'helm repo add jupyterhub https://hub.jupyter.org/helm-chart/',
      'helm upgrade --install physics jupyterhub/jupyterhub --version 4.4.0 --namespace physics --create-namespace --values values.yaml',
      'kubectl --namespace physics rollout status deployment/hub deployment/proxy',
      'kubectl --namespace physics port-forward service/proxy-public 8000:80 &',
      String.raw`TOKEN=$(kubectl --namespace physics get secret hub --output 'jsonpath={.data.hub\.services\.jhub\.apiToken}' | base64 --decode)`,
      'API=http://127.0.0.1:8000/hub/api',
      expect.stringMatching(/^for name in ana ben; do .* "\$API\/jhub\/users\/\$name\/password"; done$/) as string,
    ])
  })

  it('from a chart of this machine names that chart', () => {
    const local = parseHubSpec("version: 1\nname: physics\nmode: k8s\nk8s: {chart: '/charts/our own.tgz'}\n")
    expect(exportCommands(local, 'values.yaml')).toEqual([
      "helm upgrade --install physics '/charts/our own.tgz' --namespace physics --create-namespace --values values.yaml",
    ])
  })
})

describe('a hub without jhub, with accounts of somebody else', () => {
  const text = `version: 1
name: physics
mode: k8s
auth:
  method: oidc
  issuer: https://login.uni.example
  clientId: hub
  allow: {domains: [uni.example]}
users: {ana: {admin: true}, ben: {}}
`
  const provided = parseHubSpec(text)
  const values = exportValues(provided, new Map(), undefined)
  const exported = {document: parseYaml(text) as Record<string, unknown>, values}

  it('has its sign-in, takes people of the configuration, and gets its secret beside the values', () => {
    const {hub} = values as {hub: {extraFiles: Record<string, {stringData: string}>}}
    const settings = JSON.parse(hub.extraFiles['settings_json']?.stringData ?? '') as {signIn: object}
    expect(settings.signIn).toMatchObject({
      method: 'oidc',
      issuer: 'https://login.uni.example',
      people: 'configuration',
      allow: {domains: ['uni.example']},
    })
    expect(values).toMatchObject({
      hub: {config: {Authenticator: {admin_users: ['ana'], allowed_users: ['ana', 'ben']}}},
    })
    expect(exportCommands(provided, 'values.yaml').slice(1)).toEqual([
      expect.stringMatching(
        / --values values\.yaml --set hub\.extraFiles\.sign_in_secret\.mountPath=\S+\/sign_in_secret --set-file hub\.extraFiles\.sign_in_secret\.stringData=sign-in-secret\.txt$/,
      ) as string,
    ])
  })

  it('is the same spec when it is imported', () => {
    const whole = renderYaml(withSpec(values, exported.document))
    const {document, notes} = importValues([{name: 'values.yaml', text: whole}], {name: 'physics', exported})
    expect(parseHubSpec(renderYaml(document))).toEqual(provided)
    expect(notes).toEqual([])
  })

  it('signs in another way when its values do', () => {
    const changed = renderYaml({
      ...values,
      hub: {
        ...(values['hub'] as object),
        config: {JupyterHub: {authenticator_class: 'github'}, GitHubOAuthenticator: {client_id: 'other'}},
      },
    })
    const {document} = importValues([{name: 'values.yaml', text: changed}], {name: 'physics', exported})
    expect(document['auth']).toEqual({method: 'github', clientId: 'other'})
  })
})

describe('the image that everybody has', () => {
  const text = `version: 1
name: physics
mode: k8s
image: lab
images: {lab: {oci: "registry.example:5000/course/lab:1.2"}, data: {packages: [pandas]}}
users: {}
`
  const valuesOf = (source: string) => exportValues(parseHubSpec(source), new Map(), undefined)
  const importedFrom = (values: object, options = {}) =>
    importValues([{name: 'values.yaml', text: renderYaml(values)}], {name: 'physics', ...options}).document

  it('is the image of the values, and comes back from them, with the spec and without', () => {
    const values = valuesOf(text)
    expect(values).toMatchObject({singleuser: {image: {name: 'registry.example:5000/course/lab', tag: '1.2'}}})
    expect(importedFrom(values)).toMatchObject({
      image: 'lab',
      images: {lab: {oci: 'registry.example:5000/course/lab:1.2'}},
    })
    const exported = {document: parseYaml(text) as Record<string, unknown>, values}
    expect(importedFrom(withSpec(values, exported.document), {exported})).toEqual(exported.document)
  })

  it('is another one when its tag alone was changed in the values', () => {
    const values = valuesOf(text)
    const exported = {document: parseYaml(text) as Record<string, unknown>, values}
    const changed = parseYaml(renderYaml(values).replace(/tag: "?1\.2"?/, 'tag: "1.3"')) as object
    expect(importedFrom(changed, {exported})).toMatchObject({
      image: 'lab',
      images: {lab: {oci: 'registry.example:5000/course/lab:1.3'}, data: {packages: ['pandas']}},
    })
  })

  it('is read from k8s.image too, and stays a value where it is no reference', () => {
    const old = text.replace('image: lab\n', 'k8s: {image: "registry.example/base:1"}\n')
    expect(importedFrom(valuesOf(old))).toMatchObject({image: 'base', images: {base: {oci: 'registry.example/base:1'}}})
    const odd = importedFrom({singleuser: {image: {name: 'Not One', tag: '1'}}})
    expect(odd).toMatchObject({k8s: {values: {singleuser: {image: {name: 'Not One', tag: '1'}}}}})
    expect(odd).not.toHaveProperty('images')
  })

  it('needs Docker on this computer for a cluster of others, which is told', () => {
    const values = [{name: 'values.yaml', text: 'singleuser: {image: {name: registry.example/base, tag: "1"}}'}]
    const notesFor = (cluster: string) => importValues(values, {name: 'physics', cluster}).notes.join('\n')
    expect(notesFor('context:campus')).toContain('Without Docker here')
    expect(notesFor('kind')).not.toContain('Docker')
  })

  it('is that of the chart in an export where it has to be built', () => {
    expect(valuesOf(text.replace('image: lab', 'image: data'))).toMatchObject({
      singleuser: {image: {name: 'quay.io/jupyterhub/k8s-singleuser-sample'}},
    })
  })
})

describe('the limits that jhub wrote into values', () => {
  const values = exportValues(spec, new Map(), undefined)
  const exported = {document: parseYaml(source) as Record<string, unknown>, values}
  const imported = (text: string, options = {}) =>
    importValues([{name: 'values.yaml', text}], {name: 'physics', ...options})
  const words = 'load_groups.jhub-policy'

  it('are those of the spec, so that nothing is said of an export whose people alone were changed', () => {
    const changed = structuredClone(values) as {hub: {config: {Authenticator: {allowed_users: string[]}}}}
    changed.hub.config.Authenticator.allowed_users.push('cleo')
    const {document, notes} = imported(renderYaml(changed), {exported})
    const {users} = parseHubSpec(renderYaml(document))
    expect([...users.keys()]).toEqual(['ana', 'ben', 'cleo'])
    expect(users.get('ben')).toEqual({admin: false, groups: ['ta'], limits: {memoryBytes: 4 * 1024 ** 3}})
    expect(notes.join('\n')).not.toContain(words)
  })

  it.each([
    ['of an export that this jhub does not know', undefined],
    ['that were changed', exported],
  ])('%s are left out, and named', (_, known) => {
    const text = renderYaml(values).replace(/mem_limit: \d+/, 'mem_limit: 5')
    const {notes} = imported(text, known === undefined ? {} : {exported: known})
    expect(notes.join('\n')).toContain(words)
  })
})

describe('values of a hub that was made without jhub', () => {
  const imported = (text: string) => {
    const {document, notes} = importValues([{name: 'values.yaml', text}], {name: 'physics'})
    return {spec: parseHubSpec(renderYaml(document)), notes}
  }

  it('become a spec: what it has a key for goes there, the rest stays', () => {
    const {spec: made, notes} = imported(`
hub:
  config:
    JupyterHub: {authenticator_class: dummy, admin_access: false}
    Authenticator: {admin_users: [ana], allowed_users: [ana, ben], allow_all: true}
    DummyAuthenticator: {password: secret}
  extraConfig: {one: "c.x = 1", two: "c.KubeSpawner.pre_spawn_hook = hook"}
proxy: {secretToken: ${'a'.repeat(64)}, service: {type: LoadBalancer}}
singleuser:
  image: {name: quay.io/jupyter/scipy-notebook, tag: 2025-12-31}
  memory: {limit: 2G, guarantee: 512M}
  cpu: {limit: 1.5}
  storage: {capacity: 5Gi, dynamic: {storageClass: fast}}
  uid: 1001
  nodeSelector: {disk: ssd}
scheduling: {userScheduler: {enabled: true}}
cull: {enabled: true, timeout: 1800, every: 300}
debug: {enabled: true}
`)
    expect([...made.users]).toEqual([
      ['ana', {admin: true, groups: [], limits: {}}],
      ['ben', {admin: false, groups: [], limits: {}}],
    ])
    expect(made.limits.default).toEqual({
      memoryBytes: 2 * 1024 ** 3,
      memoryGuaranteeBytes: 512 * 1024 ** 2,
      cpuCores: 1.5,
    })
    expect(made.idle).toEqual({afterMs: 1_800_000})
    expect(made.k8s).toMatchObject({
      storage: {class: 'fast', size: '5Gi'},
      pod: {uid: 1001, nodeSelector: {disk: 'ssd'}},
      values: {
        hub: {
          config: {JupyterHub: {admin_access: false}},
          extraConfig: {one: 'c.x = 1', two: 'c.KubeSpawner.pre_spawn_hook = hook'},
        },
        debug: {enabled: true},
      },
    })
    expect(made.image).toBe('scipy-notebook')
    expect(made.images.get('scipy-notebook')?.recipe).toEqual({
      by: 'oci',
      reference: 'quay.io/jupyter/scipy-notebook:2025-12-31',
    })
    expect(made.auth).toMatchObject({method: 'shared-password', allow: {everybody: true}})
    expect(JSON.stringify(made.k8s)).not.toContain('secret')
    expect(notes.join('\n')).toContain('proxy.secretToken (line 8) is left out')
  })

  it('may be next to nothing', () => {
    expect(imported('{}').spec).toMatchObject({name: 'physics', mode: 'k8s', users: new Map()})
    expect(() => imported('- a')).toThrow('must be keys with values')
    expect(() => imported('a: [')).toThrow('values.yaml')
  })
})
