import {expect, it, describe} from 'vitest'
import {renderYaml} from '../../../../../src/hub-spec/document/yaml-text.js'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'

const gigabyte = 1024 ** 3
const kind = {k8s: {cluster: {kind: 'kind'}}}
const elsewhere = {k8s: {cluster: {kind: 'context', name: 'YOUR-CONTEXT'}}}
const memory = (amount: number) => ({limits: {default: {memoryBytes: amount * gigabyte}}})
const values = (of: object) => ({k8s: {values: of}})
const config = (text: string) => `hub: {config: {${text}}}`

type Row = readonly [text: string, spec: object, notes?: readonly string[]]

function taken(rows: readonly Row[]): void {
  it.each(rows.map(([text, spec, words = []]) => ({text, spec, words})))('$text', ({text, spec, words}) => {
    const {document, notes} = importValues([{name: 'values.yaml', text}], {name: 'x'})
    const source = renderYaml(document)
    expect(parseHubSpec(source)).toMatchObject(spec)
    for (const each of words) expect(notes.join('\n')).toContain(each)
    expect(source + notes.join('\n')).not.toContain('SECRET')
  })
}

describe('values under the name of a chart', () => {
  taken([
    ['z2jh: {singleuser: {memory: {limit: 2G}}}\nredis: {on: true}', memory(2), ["redis (line 2) is another chart's"]],
    [
      'staging: {jupyterhub: {singleuser: {memory: {limit: 1G}}}}\nprod: {jupyterhub: {singleuser: {memory: {limit: 4G}}}}',
      memory(1),
      ['The values are those under staging.jupyterhub.', 'prod (line 2) is another hub: left out.'],
    ],
    [
      'hub: {config: {}}\njupyterhub: {singleuser: {memory: {limit: 2G}}}',
      memory(2),
      ['hub (line 1) stands where the chart does not read it: left out.'],
    ],
    ['binderhub:\n  registry: {password: SECRET}\n  jupyterhub: {singleuser: {memory: {limit: 1G}}}', memory(1)],
  ])
})

describe('secrets', () => {
  taken([
    [
      'hub: {initContainers: [{name: a, image: b, args: ["--password=SECRET-1"], env: [{name: DB_PASS, value: SECRET-2}]}]}',
      values({hub: {initContainers: [{name: 'a', image: 'b', env: []}]}}),
      ['hub.initContainers.a.args (line 1) is or holds'],
    ],
    [
      'singleuser: {lifecycleHooks: {postStart: {exec: {command: [sh, -c, "git clone https://u:SECRET@git.example/x"]}}}, uid: 5}',
      {k8s: {values: {}, pod: {uid: 5}}},
      ['singleuser.lifecycleHooks.postStart.exec.command (line 1) is or holds'],
    ],
    [
      'singleuser: {extraContainers: [{name: p, image: x, command: [run, --api-key, SECRET-3]}]}',
      values({singleuser: {extraContainers: [{name: 'p', image: 'x'}]}}),
    ],
    [
      `singleuser: {cmd: [start, "--ServerApp.token=''", "--password=$PASSWORD", --token-file=/run/token, --token, "{token}"]}`,
      values({
        singleuser: {
          cmd: [
            'start',
            "--ServerApp.token=''",
            '--password=$PASSWORD',
            '--token-file=/run/token',
            '--token',
            '{token}',
          ],
        },
      }),
    ],
    [
      'hub: {extraEnv: {LATER: !vault "$ANSIBLE_VAULT;1.1;AES256 SECRET"}}',
      {},
      ['hub.extraEnv.LATER (line 1) is or holds'],
    ],
    [config('JupyterHub: {services: [{name: g, api_token: SECRET-4}]}'), {}, ['services.g.api_token (line 1)']],
  ])
})

describe('images', () => {
  taken([
    ['singleuser: {image: {name: "r.example/nb:v1", tag: ""}}', {image: 'nb'}],
    ['singleuser: {image: quay.io/jupyter/base-notebook:1}', {image: 'base-notebook'}],
    ['singleuser: {image: {name: quay.io/jupyter/a, tag: null, pullPolicy: Always}}', {image: 'a'}, ['has no tag']],
    [
      'singleuser: {image: {name: r.example/nb@sha256, tag: latest}}',
      {},
      ['is not the reference of a container image'],
    ],
    [`singleuser: {image: {name: r.example/nb@sha256, tag: ${'a'.repeat(64)}}}`, {image: 'nb'}],
  ])
})

describe('amounts', () => {
  taken([
    ['singleuser: {memory: {limit: 2.5Gi, guarantee: "512Mi"}, cpu: {limit: 1500m, guarantee: .25}}', memory(2.5)],
    [
      'singleuser: {memory: {limit: "2 GB"}, cpu: {limit: "2"}}',
      {limits: {default: {memoryBytes: 2 * gigabyte, cpuCores: 2}}},
    ],
    ['singleuser: {memory: {limit: 0x40000000}}', memory(1)],
    ['singleuser: {memory: {limit: 2e9}}', {limits: {default: {memoryBytes: 2e9}}}],
    [
      'singleuser: {memory: {limit: 0, guarantee: "0G"}, cpu: {limit: 0.0}}',
      {limits: {default: {}}},
      ['cpu.limit (line 1) 0 is not a limit'],
    ],
    [
      'singleuser: {memory: {limit: [1G]}, cpu: {limit: "1,5", guarantee: -1}}',
      {limits: {default: {}}},
      ['"a list" is not an amount', '"1,5" is not', '"-1" is not'],
    ],
  ])
})

describe('switches', () => {
  taken([
    [
      'scheduling: {userScheduler: {enabled: off, replicas: 0}, userPlaceholder: {enabled: No}, podPriority: {enabled: Y}}',
      values({
        scheduling: {
          userScheduler: {enabled: false, replicas: 0},
          userPlaceholder: {enabled: false},
          podPriority: {enabled: true},
        },
      }),
    ],
    [
      'prePuller: {hook: {enabled: n, pullOnlyOnChanges: false}, continuous: {enabled: on}}',
      values({prePuller: {hook: {enabled: false, pullOnlyOnChanges: false}, continuous: {enabled: true}}}),
    ],
    [
      'scheduling: {userPlaceholder: {enabled: true, replicas: 0}}',
      values({scheduling: {userPlaceholder: {enabled: true, replicas: 0}}}),
    ],
    ['cull: {enabled: Off, timeout: 60}', {idle: {}}],
    [
      'cull: {enabled: yes, timeout: "900", every: 60, maxAge: 0}',
      {idle: {afterMs: 900_000}, ...values({cull: {every: 60, maxAge: 0}})},
    ],
    ['cull: {enabled: "maybe", timeout: 1.5}', {}, ['cull.enabled (line 1) "maybe"', 'cull.timeout (line 1) 1.5']],
  ])
})

describe('people', () => {
  const people = (...names: readonly string[]) => ({users: new Map(names.map((name) => [name, expect.anything()]))})
  taken([
    [
      config('Authenticator: {admin_users: [Ana, ANA, " ben "], allowed_users: [[x], "", a/b, 0x1F]}'),
      people('31', 'ana', 'ben'),
      ['0x1F is the number 31', 'a list is not a name', '"a/b" cannot be'],
    ],
    [config('Authenticator: {allowed_users: !!set {ana, ben}, admin_users: cleo}'), people('ana', 'ben', 'cleo')],
    [
      config(
        'LocalGitHubOAuthenticator: {allowed_users: [dora]}, GitHubOAuthenticator: {admin_users: [ana], username_whitelist: [ben]}',
      ),
      people('ben', 'dora', 'ana'),
    ],
    [
      'auth: {admin: {users: [ana]}, allowlist: {users: [ben]}, type: dummy, dummy: {password: SECRET}}',
      people('ben', 'ana'),
      ['is of charts before 1.0'],
    ],
    [config('authenticator: {admin_users: [ana]}, JupyterHub: {admin_users: [ben]}'), people('ana', 'ben')],
  ])
})

describe('classes', () => {
  taken([
    [
      config(
        'JupyterHub: {authenticator_class: GITHUB}, githuboauthenticator: {client_id: i, allowed_organizations: [o]}',
      ),
      {auth: {method: 'github'}},
      ['is read as GitHubOAuthenticator'],
    ],
    [
      config(
        'JupyterHub: {authenticator_class: oauthenticator.google.GoogleOAuthenticator}, GoogleOAuthenticator: {client_id: i, client_secret: SECRET}',
      ),
      {auth: {method: 'google'}},
    ],
    [
      config(
        'JupyterHub: {authenticator_class: "ldapauthenticator:LDAPAuthenticator"}, LDAPAuthenticator: {server_address: ldap.uni.example, bind_dn_template: "uid={username},ou=p,dc=u", use_ssl: true}',
      ),
      {auth: {method: 'ldap'}},
    ],
    [
      config('JupyterHub: {authenticator_class: jupyterhub.auth.DummyAuthenticator}, Authenticator: {allow_all: true}'),
      {auth: {method: 'password'}},
      ['lets anybody in under any name'],
    ],
    [
      config('JupyterHub: {authenticator_class: firstuse}, FirstUseAuthenticator: {create_users: true}'),
      {auth: {method: 'password'}},
      ['(create_users) is left out'],
    ],
  ])
})

describe('addresses', () => {
  taken([
    [
      'proxy: {service: {type: ClusterIP}}\ningress: {enabled: yes, hosts: [hub.example]}',
      {k8s: {expose: 'clusterIP', values: {ingress: {enabled: true}}}},
    ],
    [
      'proxy: {service: {type: NodePort, nodePorts: {http: 30080}}}',
      {k8s: {expose: 'nodePort', values: {proxy: {service: {nodePorts: {http: 30080}}}}}},
    ],
    [
      'proxy: {service: {type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]}, https: {enabled: true, type: offload}}',
      {k8s: {expose: 'loadBalancer', values: {proxy: {https: {type: 'offload'}}}}},
    ],
    ['proxy: {service: {type: clusterip}}', elsewhere, ['"clusterip" is not a type of Service']],
    [
      'singleuser: {networkPolicy: {enabled: off, egress: []}}',
      values({singleuser: {networkPolicy: {enabled: false, egress: []}}}),
    ],
    [
      'hub: {networkPolicy: {ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}}',
      values({hub: {networkPolicy: {ingress: [{from: [{ipBlock: {cidr: '10.0.0.0/8'}}]}]}}}),
    ],
  ])
})

describe('what only another cluster has', () => {
  taken([
    ['proxy: {service: {annotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb}}}', elsewhere],
    ['singleuser: {serviceAccountName: iam}', elsewhere],
    ['singleuser: {storage: {extraVolumes: [{name: s, persistentVolumeClaim: {claimName: shared}}]}}', elsewhere],
    ['scheduling: {userPods: {nodeAffinity: {matchNodePurpose: require}}}', elsewhere],
    ['proxy: {service: {annotations: {}}}\nsingleuser: {serviceAccountName: null}', kind],
  ])
})

describe('keys that the chart does not have', () => {
  taken([
    [
      'singleUser: {memory: {limit: 1G}}',
      {limits: {default: {}}},
      ['singleUser (line 1) is not a value of the chart: left out. Did you mean singleuser?'],
    ],
    ['Hub: {config: {}}\nculling: {}', {}, ['Did you mean hub?', 'culling (line 2) is not a value of the chart']],
  ])

  it.each([
    'releases: [{name: hub, values: []}]',
    'version: "3"\nservices: {web: {image: nginx}}\nvolumes: {}',
    'name: course\nchannels: [conda-forge]\ndependencies: [python=3.13]',
    'name: test\non: [push]\njobs: {}',
  ])("alone are another program's file, and no empty hub: %s", (text) => {
    expect(() => importValues([{name: 'other.yaml', text}], {name: 'x'})).toThrow(
      'other.yaml has a problem:\n  1:1  no key here is one of the chart of Zero to JupyterHub, such as hub, singleuser or proxy',
    )
  })

  it('alone are told where another file of the same call has the hub', () => {
    const texts = [
      {name: 'nfs.yaml', text: 'nfs: {enabled: true}'},
      {name: 'hub.yaml', text: 'singleuser: {memory: {limit: 1G}}'},
    ]
    expect(importValues(texts, {name: 'x'}).notes.join('\n')).toContain('nfs (nfs.yaml:1) is not a value of the chart')
  })
})

describe('people of a class of somebody', () => {
  taken([
    [
      config('Campus: {allowed_users: [ana], admin_users: [ben]}'),
      {
        users: new Map([
          ['ana', {}],
          ['ben', {admin: true}],
        ]),
      },
    ],
    [
      config(
        'JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: x}, Campus: {allowed_users: [ana]}',
      ),
      {},
      ['hub.config.Campus.allowed_users (line 1) names ana, and is not of the authenticator in use'],
    ],
    [config('Authenticator: {manage_groups: true}'), {}, ['manage_groups (line 1) is left out: groups are those of']],
  ])
})

describe('sign-in that is not taken over', () => {
  taken([
    [
      config(
        'JupyterHub: {authenticator_class: ldap}, LDAPAuthenticator: {server_address: l.example, bind_dn_template: "uid={username},dc=x", lookup_dn_search_user: reader, lookup_dn_search_password: SECRET}',
      ),
      {},
      ['lookup_dn_search_password (line 1) is a secret, and not needed here', '(lookup_dn_search_user) is left out'],
    ],
    [
      config(
        'JupyterHub: {authenticator_class: google}, GoogleOAuthenticator: {hosted_domain: [Uni.Example, uni.example]}',
      ),
      {},
      ['{domains: [uni.example]}'],
    ],
  ])
})

describe('a class of volumes without a name', () => {
  taken([
    [
      'singleuser: {storage: {dynamic: {storageClass: ""}}}',
      values({singleuser: {storage: {dynamic: {storageClass: ''}}}}),
    ],
  ])
})

describe('secrets in texts', () => {
  const file = (text: string) =>
    `singleuser: {extraFiles: {a: {mountPath: /a, stringData: ${JSON.stringify(text)}}, b: {mountPath: /b, stringData: hi}}}`
  const others = values({singleuser: {extraFiles: {b: {mountPath: '/b', stringData: 'hi'}}}})
  taken(
    [
      '[default]\naws_secret_access_key = SECRET0AAAAAAAA\n',
      'export API_TOKEN=SECRET-12345\n',
      'machine git.example login bot password SECRET\n',
      'ana:$apr1$SECRETsa$lV9zoZ2u0LqJpN1cTnM0d/\n',
      'curl -H "Authorization: Bearer SECRET12abc" https://api.example',
      'https://SECRET012345678901234@git.example/x.git',
      'https://hooks.slack.com/services/T000/B000/SECRET',
    ].map((text) => [file(text), others, ['singleuser.extraFiles.a']] as const),
  )
  taken(
    [
      'token = get_token()',
      'secretName: hub-tls',
      'password=$PASSWORD_1',
      'https://git.example/a@v1',
      'TOKEN_PATH=/run/a1b2c3d4',
    ].map((text) => [file(text), values({singleuser: {extraFiles: {a: {stringData: text}}}})] as const),
  )
})

describe('the line of a thing in a list', () => {
  taken([
    [
      'singleuser:\n  extraContainers:\n    - {name: a, image: x}\n    - name: b\n      env:\n        - {name: N, value: x}\n        - name: PASSWORD\n          value: SECRET\n',
      {},
      ['singleuser.extraContainers.b.env.PASSWORD (line 7) is or holds'],
    ],
    [
      'singleuser:\n  storage:\n    extraVolumes:\n      - {name: a, emptyDir: {}}\n      - name: b\n        nfs: {path: /x,\n          server: <your-server>}\n',
      {},
      ['singleuser.storage.extraVolumes.b.nfs.server (line 7) "<your-server>" is a placeholder'],
    ],
    [
      'singleuser:\n  profileList:\n    - display_name: A\n    - display_name: B\n      kubespawner_override:\n        environment:\n          VERSION: 1.10\n',
      {},
      ['singleuser.profileList.1.kubespawner_override.environment.VERSION (line 7) 1.10 is the number 1.1'],
    ],
  ])

  it('has nothing to say of modes in base 8, however they are written', () => {
    const text = 'singleuser: {extraFiles: {a: {mountPath: /a, mode: 0o755, stringData: x}}}'
    const {notes} = importValues([{name: 'values.yaml', text}], {name: 'x'})
    expect(notes.join('\n')).not.toContain('is the number')
  })
})

describe('the line of a name in a list', () => {
  const list = (...names: readonly string[]) => names.map((name) => `        - ${name}\n`).join('')
  const people = (...names: readonly string[]) =>
    `hub:\n  config:\n    Authenticator:\n      allowed_users:\n${list(...names)}`
  taken([
    [
      people('ana', '"a b"', 'ben', '{a: b}', '${ADMIN}', '012', '!x cleo'),
      {users: new Map(['ana', 'ben', '10', 'cleo'].map((name) => [name, expect.anything()]))},
      [
        'hub.config.Authenticator.allowed_users (line 6) "a b" cannot be',
        '(line 8) {…} is not a name',
        '(line 9) "${ADMIN}" is a placeholder',
        '(line 10) 012 is the number 10',
        '(line 11) has the tag !x',
      ],
    ],
    [
      'auth:\n  whitelist:\n    users:\n      - ${ADMIN}\n      - ana\n      - "a b"',
      {users: new Map([['ana', expect.anything()]])},
      ['auth.whitelist.users (line 4) "${ADMIN}" is', 'auth.whitelist.users (line 6) "a b" cannot be'],
    ],
    [
      'hub:\n  config:\n    JupyterHub:\n      load_groups:\n        ta:\n          users:\n            - ana\n            - "b c"',
      {},
      ['hub.config.JupyterHub.load_groups.ta (line 7) names ana', 'load_groups.ta (line 8) "b c" cannot be'],
    ],
  ])
})

describe('people that JupyterHub itself is given', () => {
  taken([
    [
      config('JupyterHub: {admin_users: [boss], allowed_users: [ana, ben]}'),
      {users: new Map([['boss', expect.objectContaining({admin: true})]]), k8s: {cluster: {kind: 'kind'}}},
      [
        'hub.config.JupyterHub.allowed_users (line 1) names ana, ben, and is no setting of JupyterHub: left out. `jhub user add` adds them.',
      ],
    ],
    [
      config('JupyterHub: {blocked_users: [eve]}, Authenticator: {allowed_users: [ana, eve]}'),
      {users: new Map([['ana', expect.anything()]])},
      ['blocks eve'],
    ],
  ])
})

describe('a guarantee above its limit', () => {
  taken([
    [
      'singleuser:\n  memory:\n    limit: 1G\n    guarantee: 2G\n  cpu: {limit: 1, guarantee: 4}',
      {limits: {default: {memoryBytes: gigabyte, cpuCores: 1}}},
      [
        'singleuser.memory.guarantee (line 4) 2G is more than the limit beside it (1G): left out.',
        'singleuser.cpu.guarantee (line 5) 4 is more than the limit beside it (1): left out.',
      ],
    ],
    [
      'singleuser: {memory: {limit: 1G, guarantee: 1G}, cpu: {guarantee: 4}}',
      {limits: {default: {memoryBytes: gigabyte, memoryGuaranteeBytes: gigabyte, cpuGuaranteeCores: 4}}},
    ],
  ])
})

describe('an odd item of a list', () => {
  taken([
    [
      config(
        'JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: x, allowed_organizations: [my org, good, "a:b c"]}',
      ),
      {auth: {allow: {organizations: ['good'], groups: []}}},
      ['auth.allow.organizations: "my org" must be the name', 'auth.allow.groups: "a:b c" must be as it stands'],
    ],
  ])
})

describe('a text in place of the configuration', () => {
  taken([
    [
      'hub:\n  config: |\n    c.JupyterHub.x = 1',
      {},
      [
        'hub.config (line 2) must be keys with values (JupyterHub, Authenticator, KubeSpawner, …), not "c.JupyterHub.x = 1\\n": left out.',
      ],
    ],
    [config("JupyterHub: {authenticator_class: ''}"), {}, ['authenticator_class (line 1) "" is left out']],
  ])
})

describe('HTTPS and hosts that are written as the chart does not take them', () => {
  const open = 'proxy: {service: {type: LoadBalancer}'
  taken([
    [
      `${open}, https: yes}`,
      {k8s: {expose: 'clusterIP'}},
      ['proxy.https (line 1) is neither on nor off (true): left out'],
    ],
    [`${open}, https: {enabled: "true", hosts: [hub.example]}}`, {k8s: {expose: 'clusterIP', values: {}}}],
    [
      `${open}, https: {enabled: true, hosts: hub.example}}`,
      {k8s: {expose: 'clusterIP', values: {}}},
      [
        'proxy.https.enabled (line 1) is left out, because no host is left',
        'proxy.https.hosts (line 1) must be a list, not "hub.example"',
      ],
    ],
    [
      'ingress: {enabled: true, hosts: hub.example, ingressClassName: nginx}',
      values({ingress: {ingressClassName: 'nginx'}}),
      ['ingress.enabled (line 1) is left out, because no host is left'],
    ],
    [`${open}, https: {enabled: null}}`, {k8s: {expose: 'loadBalancer'}}],
    [`${open}, https: {hosts: [hub.example]}}`, {k8s: {expose: 'loadBalancer'}}],
  ])
})

describe('odd items of a list of profiles', () => {
  const image = (name: string) => `{display_name: ${name}, kubespawner_override: {image: "r.example/${name}:1"}}`
  taken([
    [
      `singleuser:\n  profileList:\n  - ${image('one')}\n  - two\n  -\n  - ${image('three')}`,
      {choose: ['one', 'three']},
      [
        'singleuser.profileList.1 (line 4) "two" is not a profile: left out.',
        'singleuser.profileList.2 (line 5) null is not a profile: left out.',
      ],
    ],
    [
      `singleuser:\n  profileList:\n  - two\n  - {display_name: big, kubespawner_override: {mem_limit: 8G}}`,
      values({singleuser: {profileList: [{display_name: 'big', kubespawner_override: {mem_limit: '8G'}}]}}),
      ['singleuser.profileList.0 (line 3) must be keys with values, not "two": left out.'],
    ],
    ['singleuser: {profileList: [3]}', {images: new Map()}, ['singleuser.profileList.0 (line 1) 3 is not']],
    ['singleuser: {profileList: [3]}', {k8s: {values: {}}}],
  ])
})

describe('values that the chart refuses', () => {
  it('are told once: profiles that are no list do not stay', () => {
    const {notes} = importValues([{name: 'v.yaml', text: 'singleuser: {profileList: {a: {display_name: A}}}'}], {
      name: 'x',
    })
    expect(notes.filter((note) => note.includes('profileList'))).toEqual([
      'singleuser.profileList (line 1) must be a list, not {…}: left out.',
    ])
  })

  it('leave no empty list where all items were odd', () => {
    const {document} = importValues([{name: 'v.yaml', text: 'ingress: {hosts: [{host: a}], pathSuffix: x}'}], {
      name: 'x',
    })
    expect(document).toMatchObject({k8s: {values: {ingress: {pathSuffix: 'x'}}}})
    expect(renderYaml(document)).not.toContain('hosts')
  })

  taken([
    [
      'singleuser: {memory: 2G, cpu: {limit: 2}}',
      {limits: {default: {cpuCores: 2}}},
      [
        'singleuser.memory (line 1) must be keys with values (limit, guarantee), not "2G": left out. Did you mean memory.limit?',
      ],
    ],
    [
      'hub:\n  memroy: {limit: 1G}\n  extraEnv: "A=1"\n  db: {pvc: {storage: 5Gi}}',
      values({hub: {db: {pvc: {storage: '5Gi'}}}}),
      [
        'hub.memroy (line 2) is not a key of the chart: left out.',
        'hub.extraEnv (line 3) must be keys with values, not "A=1"',
      ],
    ],
    [
      'singleuser: {nodeSelector: {pool: user, gpu: true}, startTimeout: "300", defaultUrl: [/lab]}',
      {k8s: {values: {}, pod: {nodeSelector: {pool: 'user'}}}},
      [
        'singleuser.nodeSelector.gpu (line 1) true is nothing that a pod can have: left out.',
        'singleuser.startTimeout (line 1) must be a whole number, not "300" (write it without quotes): left out.',
        'singleuser.defaultUrl (line 1) must be text, not a list: left out.',
      ],
    ],
    [
      'ingress: {enabled: "true", hosts: [{host: hub.example}]}\nhub: {templatePaths: []}',
      values({hub: {templatePaths: []}}),
      ['ingress.enabled (line 1) must be true or false, not "true" (write it without quotes): left out.'],
    ],
    [
      'ingress: {enabled: true, hosts: [{host: a.example}, b.example]}',
      values({ingress: {enabled: true, hosts: ['b.example']}}),
    ],
    [
      'hub: {extraEnv: {LAB: 1, TEXT: "1", FROM: {valueFrom: {}}}}',
      values({hub: {extraEnv: {TEXT: '1', FROM: {valueFrom: {}}}}}),
      ['hub.extraEnv.LAB (line 1) must be text, not 1 (write it in quotes): left out.'],
    ],
    [
      'hub:\n  labels: {year: 2026, unit: physics}\n  image: {name: r.example/hub, tag: 3.1}',
      values({hub: {labels: {unit: 'physics'}, image: {name: 'r.example/hub'}}}),
      [
        'hub.labels.year (line 2) must be text, not 2026 (write it in quotes): left out.',
        'hub.image.tag (line 3) must be text, not 3.1',
      ],
    ],
    [
      'singleuser: {extraEnv: {A: 1, B: {valueFrom: {fieldRef: {fieldPath: x}}}}, extraPodConfig: {anyThing: [{goes: 1}]}, extraLabels: {hub.jupyter.org/network-access-hub: null}}',
      values({
        singleuser: {
          extraEnv: {A: 1, B: {valueFrom: {fieldRef: {fieldPath: 'x'}}}},
          extraPodConfig: {anyThing: [{goes: 1}]},
          extraLabels: {'hub.jupyter.org/network-access-hub': null},
        },
      }),
    ],
    [
      'hub:\n  nodeSelector:\n  config:\n  extraFiles:\n    motd: {stringData: hi}\n    b: {mountPath: /b, stringData: x, mode: "0644"}',
      values({hub: {nodeSelector: null, extraFiles: {b: {mountPath: '/b', stringData: 'x'}}}}),
      [
        'hub.config (line 3) is empty, and must be keys with values',
        'hub.extraFiles.motd (line 5) has no mountPath: left out.',
        'hub.extraFiles.b.mode (line 6) must be a number, not "0644"',
      ],
    ],
    [
      'hub:\n  initContainers:\n    - {name: a, image: x}\n    - b\n    - {name: c, image: z}\n    - 4\n  command: [a, 1]',
      values({
        hub: {
          initContainers: [
            {name: 'a', image: 'x'},
            {name: 'c', image: 'z'},
          ],
          command: ['a', 1],
        },
      }),
      [
        'hub.initContainers.1 (line 4) must be keys with values, not "b": left out.',
        'hub.initContainers.3 (line 6) must be keys with values, not 4',
      ],
    ],
  ])

  it('stay in an export for another chart, which may know them', () => {
    const document = {version: 1, name: 'x', mode: 'k8s', k8s: {cluster: 'kind', chart: '9.0.0'}}
    const given = importValues([{name: 'v.yaml', text: 'hub: {newKey: 1}'}], {
      name: 'x',
      exported: {document, values: {}},
    })
    expect(given.document).toMatchObject({k8s: {chart: '9.0.0', values: {hub: {newKey: 1}}}})
    expect(parseHubSpec(renderYaml(given.document))).toMatchObject(values({hub: {newKey: 1}}))
  })
})

describe('empty maps', () => {
  taken([
    [
      'singleuser: {storage: {extraVolumes: {shm: {name: shm, emptyDir: {}}}}}',
      values({singleuser: {storage: {extraVolumes: {shm: {name: 'shm', emptyDir: {}}}}}}),
    ],
    ['hub: {services: {exporter: {}}}', values({hub: {services: {exporter: {}}}})],
    [
      'hub: {services: {grader: {apiToken: SECRET}}}',
      values({hub: {services: {grader: {}}}}),
      ['hub.services.grader.apiToken (line 1) is a secret: left out. The chart makes a token'],
    ],
  ])

  it.each(['hub: {config: {}, extraConfig: {}}', 'singleuser: {image: {}}\ncull: {}'])(
    'are none where the chart has keys of its own: %s',
    (text) => {
      expect(importValues([{name: 'values.yaml', text}], {name: 'x'}).document['k8s']).toEqual({cluster: 'kind'})
    },
  )
})

describe('null', () => {
  taken([
    [
      'singleuser: {nodeSelector: null, uid: null, memory: null, image: null, profileList: null, storage: {capacity: null}}',
      values({singleuser: {nodeSelector: null, uid: null}}),
    ],
    ['hub: {db: null, extraConfig: null, extraEnv: null}\ncull: null\ningress: null', kind],
    [
      config('JupyterHub: null, Authenticator: {admin_users: null, allowed_users: [null, ana]}'),
      {users: new Map([['ana', expect.anything()]])},
    ],
  ])
})

describe('groups', () => {
  const member = (name: string, ...groups: readonly string[]) => [name, expect.objectContaining({groups})] as const
  taken([
    [
      config('Authenticator: {allowed_users: [ana]}, JupyterHub: {load_groups: {ta: {users: [ana, zoe]}, empty: []}}'),
      {users: new Map([member('ana', 'ta')])},
      ['names zoe'],
    ],
    [
      config('Authenticator: {allowed_users: [ana]}, JupyterHub: {load_groups: {"Lab 1": [ana], ta: ANA}}'),
      {users: new Map([member('ana', 'ta')])},
      ['"Lab 1" cannot be'],
    ],
    [config('JupyterHub: {load_groups: [ta]}'), {}, ['is not groups with names']],
  ])
})

describe('limits of the spawner', () => {
  taken([
    [
      config('KubeSpawner: {mem_limit: 2G, cpu_limit: 0.5}'),
      {limits: {default: {memoryBytes: 2 * gigabyte, cpuCores: 0.5}}},
    ],
    [
      `singleuser: {memory: {limit: 4G}}\n${config('Spawner: {mem_limit: 3221225472}')}`,
      memory(4),
      ['is less particular'],
    ],
    [
      config('KubeSpawner: {mem_limit: "{username}", cpu_limit: lots}'),
      kind,
      ['"{username}" is not an amount of memory; left out.', '"lots" is not a number of cores; left out.'],
    ],
  ])
})

const extraFiles = (files: string) =>
  `hub: {extraFiles: {${files.replaceAll('PLACE', 'mountPath: /usr/local/etc/jupyterhub/jupyterhub_config.d')}}}`
const extraConfig = (text: string) => `hub:\n  extraConfig: |\n    ${text}`

describe('code for the hub', () => {
  taken([
    [
      'hub: {extraConfig: {a: "c.JupyterHub.db_url = None", b: "c.JupyterHub.cleanup_servers = False"}}',
      values({hub: {extraConfig: {b: 'c.JupyterHub.cleanup_servers = False'}}}),
      ['hub.extraConfig.a (line 1) sets db_url, which jhub needs'],
    ],
    [
      extraFiles('a: {PLACE/a.py, stringData: "c.JupyterHub.db_url = 1"}, b: {PLACE/b.py, stringData: "x = 1"}'),
      values({hub: {extraFiles: {b: {stringData: 'x = 1'}}}}),
      ['hub.extraFiles.a (line 1) sets db_url, which jhub needs'],
    ],
    [
      extraFiles('a: {PLACE/a.py, stringData: "c.Authenticator.admin_users = {\'eve\'}"}'),
      values({hub: {extraFiles: {a: {}}}}),
      ['hub.extraFiles.a (line 1) sets admin_users: jhub sets admins itself'],
    ],
    [extraFiles('a: {PLACE/a.py, stringData: "c.LDAP.password = \'SECRET\'"}'), {k8s: {}}, ['is or holds']],
    [
      extraFiles('a: {PLACE/a.py, binaryData: "Yy5MREFQLnBhc3N3b3JkID0gJ2h1bnRlcjIyMjIn"}'),
      {k8s: {}},
      ['hub.extraFiles.a (line 1) is or holds'],
    ],
    [
      extraConfig('c.JupyterHub.cleanup_servers = False'),
      values({hub: {extraConfig: {imported: 'c.JupyterHub.cleanup_servers = False\n'}}}),
      ['is one text, as old charts had it'],
    ],
    [
      extraConfig('c.JupyterHub.authenticator_class = "dummy"'),
      {k8s: {values: {}}},
      ['hub.extraConfig (line 2) sets authenticator_class, which jhub needs'],
    ],
  ])
})

describe('what helm prints', () => {
  taken([
    ['COMPUTED VALUES:\nsingleuser: {memory: {limit: 2G}}', memory(2)],
    ['\n# of the class\nUSER-SUPPLIED VALUES:\nsingleuser: {memory: {limit: 2G}}', memory(2)],
    ['USER-SUPPLIED VALUES:\r\njupyterhub:\r\n  singleuser: {memory: {limit: 2G}}\r\n', memory(2)],
    ['USER-SUPPLIED VALUES:\nnull\n', kind, ['values.yaml holds no values.']],
  ])

  it('is read without a word of its heading', () => {
    const {notes} = importValues(
      [{name: 'values.yaml', text: '\nUSER-SUPPLIED VALUES:\njupyterhub: {singleuser: {memory: {limit: 2G}}}'}],
      {name: 'x'},
    )
    expect(notes.join()).not.toContain('SUPPLIED')
  })
})
