import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../src/hub-spec/parse-hub-spec.js'
import {newPerson, type Person} from './person.js'
import {withStdin} from './stdin.js'
import {atTerminal} from './terminal.js'

let person: Person
beforeEach(async () => {
  person = await newPerson()
})
afterEach(() => person.leave())

const recordedSecret = () =>
  readFile(path.join(person.directory, 'state', 'jhub', 'sign-in-secret.json'), 'utf8').catch(() => undefined)

const roundTrip = fileURLToPath(new URL('../fixtures/cases/specs/12-roundtrip.yaml', import.meta.url))
const kind = `version: 1
name: rt
mode: k8s
k8s:
  nodes: 3
  scale: cluster
  discovery: environment
  values: {singleuser: {startTimeout: 600, uid: null}, hub: {extraEnv: {LEVEL: "10", ROOT: "yes", MODE: "0o17", MANY: "1_000", TIME: "1:30", off: "on"}}}
  pod: {uid: 1001, nodeSelector: {disk: ssd}}
access: {port: 8100, lan: true}
users: ["0042", ana]
idle: {after: never}
`

const context = `version: 1
name: rt
mode: k8s
k8s:
  cluster: context:arn:aws:eks:eu-west-1:123456789012:cluster/prod
  namespace: hub-ns
  expose: clusterIP
  storage: {class: fast, size: 5Gi}
  values:
    ingress: {enabled: true, hosts: [hub.uni.example], annotations: {a/b: "yes"}}
    singleuser: {storage: {extraVolumes: [{name: s, secret: {secretName: s, defaultMode: 256}}]}}
access: {baseUrl: /jupyter/}
users: {"007": {admin: true}, "1e3": {groups: [ta]}, ana@uni.example: {limits: {memory: 4G}}, josé: {}}
groups: {ta: {limits: {memory: 2G, cpu: 0.5}}, "2026": {}}
limits: {default: {memory: 1.5G, memoryGuarantee: 512M, cpu: 1, cpuGuarantee: 0.1}, total: {servers: 40}}
idle: {after: 90m}
`
const provider = `version: 1
name: rt
mode: k8s
k8s: {cluster: kind}
auth: {method: github, clientId: an-id, allow: {organizations: [uni]}}
users: {ana: {admin: true, name: "Ana: López, #1", email: ana@uni.example}}
files: {shared: true}
access: {egress: none, lan: true}
`
const images = `version: 1
name: rt
mode: k8s
users: []
image: python
images: {python: {packages: [pandas]}, r: {oci: "r.example:5000/r@sha256:${'a'.repeat(64)}", description: "R: a 'language'"}}
choose: [python, r]
k8s: {values: {hub: {extraConfig: {mine: "c.Spawner.x = {'a': \\"b\\"}\\n# ü\\n"}}}}
`

describe('export z2jh, then import z2jh', () => {
  it.each([
    ['12-roundtrip.yaml', undefined],
    ['a kind cluster', kind],
    ['a cluster of a cloud', context],
    ['a hub with a provider', provider],
    ['a hub with images', images],
  ])('gives the spec of %s back, without the files of jhub', async (_, text) => {
    const source = text ?? (await readFile(roundTrip, 'utf8'))
    await person.writeSpec(source)
    const [values, back] = ['values.yaml', 'back.yaml'].map((name) => path.join(person.directory, name))
    await person.type(`export z2jh --output ${values ?? ''}`)
    const said = await person.type(`import z2jh ${values ?? ''} --file ${back ?? ''}`)
    expect(said.exitCode, said.stderr).toBe(0)
    const next = said.stdout.replace(/Next: +jhub auth secret .*\nThen:/, 'Next:')
    expect(next).toBe(`Wrote ${back ?? ''}\nNext:  jhub up --file ${back ?? ''}\n`)
    const written = await readFile(back ?? '', 'utf8')
    expect(parseHubSpec(written)).toEqual(parseHubSpec(source))
    expect(written).not.toContain('extraFiles')
  })

  it('lays what was changed in between over that spec', async () => {
    await person.writeSpec(await readFile(roundTrip, 'utf8'))
    const {stdout} = await person.type('export z2jh')
    const changed = stdout
      .replace(/^ {2}startTimeout: 300$/m, '  startTimeout: 600')
      .replace(/^ {2}timeout: 1800$/m, '  timeout: 900')
      .replace(/^( +)- ben$/gm, '$1- zoe')
    const back = path.join(person.directory, 'back.yaml')
    const said = await withStdin(Buffer.from(changed), () => person.type(`import z2jh - --file ${back}`))
    expect(said.stdout).toContain('The values were changed since jhub wrote them')
    const spec = parseHubSpec(await readFile(back, 'utf8'))
    expect(spec.k8s.values).toEqual({singleuser: {startTimeout: 600}})
    expect(spec.idle).toEqual({afterMs: 900_000})
    expect(new Set(spec.users.keys())).toEqual(new Set(['ana', 'zoe']))
    expect(spec.limits.total.servers).toBe(40)
  })
})

describe('import z2jh', () => {
  it('reads what helm prints, from standard input, and several files', async () => {
    const file = path.join(person.directory, 'more.yaml')
    await writeFile(file, 'cull: {timeout: 600}\n')
    const text = 'USER-SUPPLIED VALUES:\nhub: {config: {Authenticator: {admin_users: [ana]}}}\n'
    const said = await withStdin(Buffer.from(text), () => person.type(`import z2jh - ${file} --cluster context:prod`))
    expect(said.exitCode, said.stderr).toBe(0)
    expect(parseHubSpec(await person.readSpec())).toMatchObject({
      k8s: {cluster: {kind: 'context', name: 'prod'}},
      idle: {afterMs: 600_000},
      users: new Map([['ana', {admin: true}]]),
    })
  })

  describe('at a terminal', () => {
    const file = () => path.join(person.directory, 'values.yaml')

    it.each([
      ['a settings file is there already', 'cull: {}\n', '--file HERE', 'already exists'],
      ['the values cannot be read', '- a\n', '', 'values.yaml'],
      ['the values are not there', undefined, '', 'There is no file'],
    ])('asks nothing where %s', async (_, text, flags, words) => {
      if (text !== undefined) await writeFile(file(), text)
      const line = `import z2jh ${file()} ${flags.replace('HERE', file())}`.trim()
      const said = await atTerminal('\r', () => person.type(line))
      expect(said.stderr).toContain(words)
      expect(said.stderr).toContain('Try:')
      expect(said.stderr).not.toContain('Where will this hub run?')
    })

    it('takes a context whose name has spaces', async () => {
      await writeFile(file(), 'cull: {timeout: 600}\n')
      const said = await atTerminal(['\u001B[A\r', ' My Cluster\r'], () => person.type(`import z2jh ${file()}`))
      expect(said.exitCode, said.stderr).toBe(0)
      expect(parseHubSpec(await person.readSpec()).k8s.cluster).toEqual({kind: 'context', name: 'My Cluster'})
    })
  })

  describe('of values with a provider', () => {
    const values = `hub:
  config:
    JupyterHub: {authenticator_class: github}
    GitHubOAuthenticator: {client_id: hub-of-github, client_secret: old, oauth_callback_url: "https://hub.uni.example/hub/oauth_callback"}
    Authenticator: {admin_users: [ana]}
`
    const typed = async (keys: string) => {
      const file = path.join(person.directory, 'values.yaml')
      await writeFile(file, values)
      const said = await atTerminal(keys, () => person.type(`import z2jh ${file} --cluster kind`))
      expect(said.exitCode, said.stderr).toBe(0)
      expect(said.stderr).toContain('Type or paste the client secret')
      return said
    }

    it('asks for the secret, records it and shows it nowhere', async () => {
      const said = await typed('a-typed-secret\r')
      expect(JSON.parse((await recordedSecret()) ?? '{}')).toMatchObject({value: 'a-typed-secret'})
      expect(said.stdout + said.stderr + (await person.readSpec())).not.toContain('a-typed-secret')
      expect(said.stdout).not.toContain('jhub auth secret')
    })

    it('goes on without it after the Enter key alone, and says how to give it', async () => {
      const said = await typed('\r')
      expect(await recordedSecret()).toBeUndefined()
      expect(said.stdout).toContain('jhub auth secret')
    })
  })

  const written =
    'singleuser:\r\n  memory:\r\n    limit: 2G\r\nhub:\r\n  config: {Authenticator: {admin_users: [josé]}}\r\n'
  it.each([
    ['a mark and line ends of Windows', Buffer.from(`\uFEFF${written}`)],
    ['line ends of Windows', Buffer.from(written)],
    ['UTF-16 as Notepad writes it', Buffer.from(`\uFEFF${written}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${written}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(written, 'utf16le')],
    ['Windows-1252', Buffer.from(written, 'latin1')],
  ])('of a file with %s is that of the same text', async (_, bytes) => {
    const file = path.join(person.directory, 'values.yaml')
    await writeFile(file, bytes)
    expect((await person.type(`import z2jh ${file}`)).exitCode).toBe(0)
    const {limits, users} = parseHubSpec(await person.readSpec())
    expect(limits.default.memoryBytes).toBe(2 * 1024 ** 3)
    expect([...users.keys()]).toEqual(['josé'])
  })

  it.each([
    ['.', 'is a directory'],
    ['none.yaml', 'There is no file'],
    [`${roundTrip} --cluster "context: lab"`, '"context: lab" is not a cluster'],
    [`${roundTrip} --cluster minikube`, '"minikube" is not a cluster'],
  ])('of %s is refused: %s', async (line, words) => {
    const said = await person.type(`import z2jh ${line}`)
    expect([2, 4]).toContain(said.exitCode)
    expect(said.stderr).toContain(words)
    expect(await person.readSpec()).toBe('')
  })
})

it('plan names what of the values jhub sets itself, and what takes its place', async () => {
  await person.writeSpec(`version: 1
name: jhub
mode: k8s
k8s:
  values:
    hub:
      config: {JupyterHub: {spawner_class: simple}}
      services: {jhub: {url: "http://x"}}
      extraFiles: {mine: {mountPath: /usr/local/etc/jupyterhub/jhub/x.py, stringData: ""}}
      extraConfig: {a: "c.JupyterHub.authenticator_class = 'null'"}
`)
  const said = await person.type('plan')
  expect(said.stderr).toContain('k8s.values.hub.config.JupyterHub.spawner_class has no effect')
  expect(said.stderr).toContain('k8s.values.hub.services.jhub changes what jhub itself needs')
  expect(said.stderr).toContain("k8s.values.hub.extraFiles.mine takes the place of jhub's own file")
  expect(said.stderr).toContain('k8s.values.hub.extraConfig.a sets authenticator_class in place of jhub')
})
