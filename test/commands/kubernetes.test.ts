import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newPerson, type Person} from './person.js'

let person: Person
beforeEach(async () => {
  person = await newPerson()
})
afterEach(() => person.leave())

const spec = 'version: 1\nname: jhub\nmode: k8s\nusers:\n  ana: {admin: true}\n'

describe('a spec for Kubernetes', () => {
  it('is made by init, and says what else there is', async () => {
    const file = path.join(person.directory, 'physics.yaml')
    expect((await person.type(`init --mode k8s --name physics --file ${file}`)).stdout).toBe(
      `Wrote ${file}\nNext:  jhub config edit --file ${file} · jhub up --file ${file}\n`,
    )
    expect(await readFile(file, 'utf8')).toContain(
      'mode: k8s\nk8s: {cluster: kind}   # kind, docker-desktop or context:NAME of your kubeconfig\n',
    )
  })

  it('is not taken for one of another mode', async () => {
    await person.writeSpec(spec)
    const said = await person.type('up --mode vm')
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('says mode: k8s, and --mode says vm')
    expect(said.stderr).toContain('Try:   jhub up --name ANOTHER --mode vm   # a new hub beside it')
  })

  it('has its mistakes told with their places', async () => {
    await person.writeSpec(`${spec}k8s: {nodes: 0, values: {hub: {config: {loadRoles: {}}}}}\n`)
    const said = await person.type('plan')
    expect(said.exitCode).toBe(2)
    expect(said.stderr).toContain('6:14  k8s.nodes: must be at least 1')
  })
})

describe('a hub without jhub', () => {
  it('is exported as values and commands, to the screen or a file, and never over one', async () => {
    await person.writeSpec(spec)
    const said = await person.type('export z2jh')
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toMatch(/^# The same hub without jhub, on any cluster:\n# {3}helm repo add jupyterhub https:/)
    expect(said.stdout).toContain('    type: LoadBalancer\n')
    const file = path.join(person.directory, 'values.yaml')
    const written = await person.type(`export z2jh --output ${file}`)
    expect(written.stdout).toMatch(
      /^Wrote .*values\.yaml\nNext: {2}helm repo add .*\nNext: {2}helm upgrade --install jhub /,
    )
    expect(await readFile(file, 'utf8')).toBe(said.stdout.replaceAll('--values values.yaml', `--values ${file}`))
    expect(await person.type(`export z2jh --output ${file}`)).toMatchObject({exitCode: 5})
    expect(await person.json('export z2jh')).toMatchObject({
      file: null,
      commands: [{}, {}, {}, {}, {}, {}, {}].map(() => expect.any(String) as string),
    })
  })

  it('says which images nobody has without jhub', async () => {
    const recipes = 'images: {data: {packages: [pandas]}, r: {oci: "quay.io/jupyter/r-notebook:1"}}'
    await person.writeSpec(`${spec}image: r\ngroups: {ta: {image: data}}\n${recipes}\n`)
    const said = 'The image data cannot be had without jhub. Those servers start from singleuser.image instead.'
    expect((await person.type('export z2jh')).stdout).toContain(`\n# ${said}\n`)
    const file = path.join(person.directory, 'values.yaml')
    expect((await person.type(`export z2jh --output ${file}`)).stdout).toMatch(
      /^Wrote .*values\.yaml\n- The image data/,
    )
    await person.writeSpec(`${spec}image: r\nchoose: [r]\n${recipes}\n`)
    expect(await person.json('export z2jh')).toMatchObject({notes: []})
  })

  it('is imported, with what is left out told, and never over a spec', async () => {
    const values = path.join(person.directory, 'values.yaml')
    const file = path.join(person.directory, 'physics.yaml')
    await writeFile(values, 'hub: {config: {JupyterHub: {authenticator_class: dummy}}}\ncull: {timeout: 600}\n')
    const said = await person.type(`import z2jh ${values} --file ${file} --name physics`)
    expect(said.exitCode).toBe(0)
    expect(said.stdout).toContain('- hub.config.JupyterHub.authenticator_class (line 1) dummy is left out')
    expect(await readFile(file, 'utf8')).toContain('name: physics\nmode: k8s\n')
    expect(await person.type(`import z2jh ${values} --file ${file}`)).toMatchObject({exitCode: 5})
    expect(await person.type(`import z2jh ${values}.none --file ${file}.new`)).toMatchObject({exitCode: 4})
  })
})
