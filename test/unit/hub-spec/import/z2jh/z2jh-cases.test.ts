import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from 'vitest'
import {decodeText} from '../../../../../src/cli/input/decode-text.js'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../../../../src/hub-spec/document/yaml-text.js'

const cases = fileURLToPath(new URL('../../../../fixtures/cases/z2jh', import.meta.url))
const refused: Readonly<Record<string, string>> = {
  '21-two-documents.yaml': '2:1  a second document begins here (---); the file must have only one',
  '25-gitcrypt.yaml': '25-gitcrypt.yaml is encrypted by git-crypt',
  '28-list.yaml': '1:1  values must be keys with values, and this is not',
  '30-duplicate-key.yaml': '3:1  hub: this key is given twice',
  '74-config-map.yaml': '1:1  kind: this is a Kubernetes object, ConfigMap, and not the values of a chart',
  '70-template.yaml': '3:13  a template has not been filled in here ({{ … }})',
}

async function imported(file: string, cluster?: string) {
  const {text} = await decodeText(readFileSync(path.join(cases, file)), file)
  const {document, notes} = importValues([{name: file, text}], {name: 'x', ...(cluster === undefined ? {} : {cluster})})
  const source = renderYaml(document)
  return {source, spec: parseHubSpec(source), notes: notes.join('\n')}
}

describe('the cases of Zero to JupyterHub', () => {
  it.each(readdirSync(cases).filter((file) => !(file in refused)))(
    '%s is read, and nothing goes unsaid',
    async (file) => {
      const {source, notes} = await imported(file)
      expect(`${source}---\n${notes}`).toMatchSnapshot()
      expect(source + notes).not.toContain('SECRET-')
    },
  )

  it.each(Object.entries(refused))('%s is refused: %s', async (file, words) => {
    await expect(imported(file)).rejects.toThrow(words)
  })

  it.each<[string, object]>([
    ['01-nested-subchart.yaml', {limits: {default: {memoryBytes: 2 * 1024 ** 3}}}],
    ['04-octal-mode.yaml', {k8s: {values: {singleuser: {extraFiles: {motd: {mode: 420}}}}}}],
    ['05-yaml11-bools.yaml', {idle: {}, k8s: {values: {ingress: {enabled: true}, prePuller: {hook: {enabled: true}}}}}],
    ['09-memory-gi.yaml', {limits: {default: {memoryBytes: 4 * 1024 ** 3, cpuGuaranteeCores: 0.5}}}],
    [
      '14-prepuller-no-scheduler.yaml',
      {
        k8s: {
          scale: 'lean',
          values: {
            scheduling: {userScheduler: {enabled: false}, userPlaceholder: {enabled: false}},
            prePuller: {hook: {enabled: true}, continuous: {enabled: false}},
          },
        },
      },
    ],
    ['24-utf16.yaml', {limits: {default: {memoryBytes: 1024 ** 3}}}],
    ['32-kubespawner-limits.yaml', {limits: {default: {memoryBytes: 4 * 1024 ** 3, cpuCores: 2}}}],
    ['33-ingress-tls.yaml', {k8s: {expose: 'clusterIP', cluster: {kind: 'context'}}}],
    ['34-loadbalancer.yaml', {k8s: {expose: 'loadBalancer'}}],
    ['39-uid-null.yaml', {k8s: {values: {singleuser: {uid: null, fsGid: null}}}}],
    ['44-groups.yaml', {users: new Map([['ana', {admin: false, groups: ['ta'], limits: {}}]])}],
    ['50-mem-bytes.yaml', {limits: {default: {memoryBytes: 1024 ** 3}}}],
    [
      '67-placeholders-of-templates.yaml',
      {k8s: {cluster: {kind: 'context'}, values: {ingress: {hosts: ['hub.uni.example']}}}},
    ],
    [
      '78-half-a-host.yaml',
      {
        k8s: {
          values: {
            ingress: {hosts: ['hub.uni.example'], tls: [{hosts: ['hub.uni.example'], secretName: 'hub-tls'}]},
            singleuser: {extraEnv: {TEMPLATE: 'host <b>${HOST}</b>'}},
          },
        },
      },
    ],
    [
      '68-keys-of-old-charts.yaml',
      {
        k8s: {
          values: {
            custom: {course: 'biology'},
            hub: {containerSecurityContext: {runAsUser: 1000}, podSecurityContext: {fsGroup: 1000}},
            proxy: {
              chp: {nodeSelector: {pool: 'core'}, networkPolicy: {enabled: false}},
              traefik: {nodeSelector: {pool: 'core'}},
            },
            rbac: {create: false},
            singleuser: {cloudMetadata: {blockWithIptables: true}},
          },
        },
      },
    ],
    ['69-token-for-a-hub.yaml', {limits: {default: {memoryBytes: 2 * 1024 ** 3}}}],
    ['71-shared-password.yaml', {auth: {method: 'shared-password', allow: {everybody: true}}}],
    ['72-file-with-a-key.yaml', {k8s: {values: {singleuser: {extraFiles: {motd: {stringData: 'Welcome'}}}}}}],
    [
      '79-no-host-left.yaml',
      {
        k8s: {
          expose: 'clusterIP',
          values: {
            ingress: {ingressClassName: 'nginx', tls: [{secretName: 'hub-tls'}]},
            httpRoute: {parentRefs: [{kind: 'Gateway', name: 'public'}]},
            proxy: {https: {letsencrypt: {contactEmail: 'ops@uni.example'}}},
          },
        },
      },
    ],
    ['55-cloud-only.yaml', {k8s: {cluster: {kind: 'context', name: 'YOUR-CONTEXT'}, storage: {class: 'fast'}}}],
  ])('%s gives what it says', async (file, expected) => {
    expect((await imported(file)).spec).toMatchObject(expected)
  })

  it('opens no address of which every host is a placeholder', async () => {
    const {source, notes} = await imported('79-no-host-left.yaml')
    expect(source).not.toMatch(/\[\]|enabled: true/)
    for (const section of ['ingress', 'httpRoute', 'proxy.https'])
      expect(notes).toMatch(
        new RegExp(`^${section}\\.enabled \\(line \\d+\\) is left out, because no host is left`, 'm'),
      )
  })

  it('names of an old `auth` only what was not taken', async () => {
    const {spec, notes} = await imported('77-old-sign-in.yaml')
    expect([...spec.users.keys()]).toEqual(['ben', 'ana'])
    expect(notes).toContain(
      'auth (line 1) (type, google.clientId, google.clientSecret, google.hostedDomain, admin.access)',
    )
  })

  it('goes where somebody says', async () => {
    const {spec, notes} = await imported('55-cloud-only.yaml', 'kind')
    expect(spec.k8s.cluster).toEqual({kind: 'kind'})
    expect(notes).toContain('A kind cluster may not have what these ask for: singleuser.storage.dynamic.storageClass')
  })

  it('layers files as helm does, and says which file has a line', () => {
    const texts = [
      {name: 'common.yaml', text: 'jupyterhub:\n  singleuser: {memory: {limit: 1G}, cpu: {limit: lots}}\n'},
      {name: 'prod.yaml', text: 'jupyterhub:\n  singleuser: {memory: {limit: 2G}}\n'},
    ]
    const {document, notes} = importValues(texts, {name: 'x'})
    expect(document['limits']).toEqual({default: {memory: '2G'}})
    expect(notes).toContain('singleuser.cpu.limit (common.yaml:2) "lots" is not a number of cores; left out.')
  })

  it.each([
    ['memory: {limit: 10M}', 'singleuser.memory.limit (line 1) 10M is not enough memory'],
    ['memory: {limit: 1024}', 'singleuser.memory.limit (line 1) 1024 bytes is not enough memory'],
    ['cpu: {limit: 0.001}', 'singleuser.cpu.limit (line 1) 0.001 cores are too few'],
  ])('is read without a limit with which no server starts: %s', (limit, words) => {
    const {document, notes} = importValues([{name: 'v.yaml', text: `singleuser: {${limit}}\n`}], {name: 'x'})
    expect(parseHubSpec(renderYaml(document)).limits.default).toEqual({})
    expect(notes.join('\n')).toContain(words)
  })
})
