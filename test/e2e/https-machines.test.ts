import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {request} from 'undici'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {acmeAuthority, type AcmeAuthority} from './acme-authority.js'
import {openBrowser, redirectOf} from './browser.js'
import type {RealJhub} from './real-jhub.js'
import {deleteInterruptedRun} from './interrupted-run.js'
import {realJhub} from './real-jhub.js'
import {
  addAdmin,
  jhubInside,
  mountsFor,
  openSsh,
  startSystemdContainer,
  whyNoSystemdImage,
} from './systemd-container.js'
import {until} from './until.js'

const reason = await whyNoSystemdImage()

interface Up {
  readonly url: string
  readonly passwords: Readonly<Record<string, string>>
  readonly changes: readonly unknown[]
}

interface Status {
  readonly state: string
  readonly certificate: {readonly issuer: string; readonly names: readonly string[]; readonly trustFile?: string}
}

const specOf = (name: string, machine: string, access: string) =>
  `version: 1\nname: ${name}\nmode: vm\nvm: {machine: '${machine}'}\naccess: {lan: true, ${access}}\nusers: {admin: {admin: true}}\n`

if (reason !== undefined) {
  describe('HTTPS on machines that are not this one', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  describe('a hub in a container, with HTTPS', () => {
    const name = 'acmedocker'
    // jhub runs in a container too, on the network of this machine: only there the name leads anywhere.
    const beside = 'acmebeside'
    const gateway = '172.17.0.1'
    const domain = 'hub.acme.test'
    let directory = ''
    let jhub: RealJhub
    let authority: AcmeAuthority
    let password = ''
    const write = (access: string) =>
      writeFile(path.join(directory, 'config', `${name}.yaml`), specOf(name, 'docker', access))

    beforeAll(async () => {
      await deleteInterruptedRun(name)
      directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-https-'))
      await mkdir(path.join(directory, 'config'))
      const engine = ['-v', '/var/run/docker.sock:/var/run/docker.sock']
      const network = ['--network', 'host', '--add-host', `${domain}:${gateway}`]
      await startSystemdContainer(beside, [...network, ...engine, ...mountsFor(directory)])
      authority = await acmeAuthority(beside, directory, gateway)
      await authority.start()
      await writeFile(path.join(directory, 'config', 'root.crt'), await authority.root())
      jhub = jhubInside(beside, {port: 21_010, name, directory, account: 'root'})
    })
    afterAll(async () => {
      await jhub.run('down', '--delete-data', '--confirm', name)
      await jhub.dispose()
      await rm(directory, {recursive: true, force: true})
    })

    it('by its own authority, to which plain HTTP leads', async () => {
      await write('port: 21010, https: {internal: true, redirect: 21011}')
      const up = await jhub.json<Up>('up')
      password = up.passwords['admin'] ?? ''
      const {certificate, state} = await jhub.json<Status>('status')
      expect(state).toBe('running')
      const trust = await readFile(certificate.trustFile ?? '', 'utf8')
      expect(await openBrowser('https://127.0.0.1:21010', trust).login('admin', password)).toBe(true)
      expect(await redirectOf('http://127.0.0.1:21011/hub/login')).toEqual([301, 'https://127.0.0.1:21010/hub/login'])
      await jhub.json('user', 'add', 'ana')
    })

    it('by a certificate that is fetched, while its verbs go another way', async () => {
      await write(`https: {domain: ${domain}, directory: '${authority.directory}', ca: root.crt}`)
      const up = await jhub.json<Up>('up')
      const root = await authority.root()
      expect(up.url).toBe(`https://${domain}`)
      const browser = openBrowser(up.url, root, '127.0.0.1')
      expect(await browser.login('admin', password)).toBe(true)
      expect(await redirectOf('http://127.0.0.1/hub/login')).toEqual([308, `https://${domain}/hub/login`])
      expect((await jhub.json<Status>('status')).certificate).toMatchObject({names: [domain]})
      expect((await jhub.json<Up>('up')).changes).toEqual([])
      await execa('docker', ['restart', '--time', '3', `jhub-${name}`])
      await until('the hub runs again', async () => (await jhub.json<Status>('status')).state === 'running')
      await jhub.json('user', 'add', 'ben')
      expect(await openBrowser(up.url, root, '127.0.0.1').login('admin', password)).toBe(true)
    })
  })

  describe('a hub behind ssh, with HTTPS', () => {
    const name = 'acmessh'
    let directory = ''
    let jhub: RealJhub

    beforeAll(async () => {
      await startSystemdContainer(name)
      await addAdmin(name)
      directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-https-ssh-'))
      await chmod(directory, 0o700)
      const {address, path: PATH} = await openSsh(name, directory)
      const spec = specOf(name, address, 'port: 443, https: {internal: true}')
      jhub = await realJhub({port: 443, name, machine: address, spec, environment: {PATH}})
    })
    afterAll(async () => {
      await jhub.dispose()
      await rm(directory, {recursive: true, force: true})
      await execa('docker', ['rm', '-f', '-v', name])
    })

    it('by its own authority, for the name by which ssh goes there', async () => {
      const up = await jhub.json<Up>('up')
      const host = new URL(up.url).hostname
      const {certificate, state} = await jhub.json<Status>('status')
      expect(state).toBe('running')
      expect(certificate.names).toContain(host)
      const trust = await readFile(certificate.trustFile ?? '', 'utf8')
      expect(await openBrowser(up.url, trust).login('admin', up.passwords['admin'] ?? '')).toBe(true)
      const {statusCode, headers} = await request(`http://${host}/hub/login`)
      expect([statusCode, headers['location']]).toEqual([301, `https://${host}/hub/login`])
      await jhub.json('user', 'add', 'ana')
      expect((await jhub.json<Up>('up')).changes).toEqual([])
    })
  })
}
