import {chmod, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {connect} from 'node:tls'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {acmeAuthority, type AcmeAuthority} from './acme-authority.js'
import {openBrowser, redirectOf} from './browser.js'
import {inContainer} from './docker-machine.js'
import type {RealJhub} from './real-jhub.js'
import {addAdmin, jhubInside, mountsFor, startSystemdContainer, whyNoSystemdImage} from './systemd-container.js'

const reason = await whyNoSystemdImage()
const name = 'acmehost'
const domain = 'hub.acme.test'

interface Up {
  readonly url: string
  readonly passwords: Readonly<Record<string, string>>
  readonly changes: readonly {readonly summary: string}[]
}

interface Status {
  readonly state: string
  readonly certificate: {readonly issuer: string; readonly names: readonly string[]; readonly validUntil: string}
  readonly services: readonly {readonly name: string; readonly state: string}[]
}

if (reason !== undefined) {
  describe('a hub with a fetched certificate', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  describe('a hub on a host, whose certificate an authority gives', () => {
    let directory = ''
    let jhub: RealJhub
    let authority: AcmeAuthority
    let root = ''
    let address = ''
    let password = ''

    const write = async (access: string) => {
      const text = `version: 1\nname: ${name}\nmode: vm\nvm: {machine: host}\naccess: {lan: true, ${access}}\nusers: {admin: {admin: true}}\n`
      await writeFile(path.join(directory, 'config', `${name}.yaml`), text)
    }
    const byDomain = (of = domain) =>
      `https: {domain: ${of}, email: ops@acme.test, directory: '${authority.directory}', ca: root.crt}`
    const status = () => jhub.json<Status>('status')
    const login = (url: string, trust: string) => openBrowser(url, trust, address).login('admin', password)
    const serial = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({host: address, port: 443, servername: domain, ca: root}, () => {
          resolve(socket.getPeerCertificate().serialNumber)
          socket.destroy()
        })
        socket.once('error', reject)
      })
    const listensOn = async (...ports: readonly number[]) => {
      const {stdout} = await execa('docker', ['exec', name, 'ss', '-Hltn'])
      return ports.filter((port) => new RegExp(`:${String(port)}\\s`).test(stdout))
    }

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'jhub-e2e-acme-'))
      await chmod(directory, 0o777)
      await mkdir(path.join(directory, 'config'))
      await chmod(path.join(directory, 'config'), 0o777)
      await startSystemdContainer(name, ['--add-host', 'acme.test:127.0.0.1', ...mountsFor(directory)])
      await addAdmin(name)
      address = (await execa('docker', ['inspect', '-f', '{{.NetworkSettings.IPAddress}}', name])).stdout
      await inContainer(name, 'sh', '-c', `echo "${address} ${domain}" >> /etc/hosts`)
      authority = await acmeAuthority(name, directory, 'acme.test')
      await authority.start()
      root = await authority.root()
      await writeFile(path.join(directory, 'config', 'root.crt'), root)
      await authority.stop()
      jhub = jhubInside(name, {port: 443, name, directory})
    })
    afterAll(async () => {
      await jhub.dispose()
      await rm(directory, {recursive: true, force: true})
    })

    it('has one of its own before that, to which plain HTTP leads', async () => {
      await write('port: 8443, https: {internal: true, redirect: 8080}')
      const up = await jhub.json<Up>('up')
      password = up.passwords['admin'] ?? ''
      const trust = await inContainer(name, 'cat', path.join(directory, 'state', name, 'ca.crt'))
      expect(await login(`https://${address}:8443`, trust)).toBe(true)
      expect(await redirectOf(`http://${address}:8080/hub/login`)).toEqual([301, `https://${address}:8443/hub/login`])
      expect((await status()).certificate.names).toContain(address)
      await jhub.json('user', 'add', 'ana')
    })

    it('stays as it was when no authority answers, and the authority has the word', async () => {
      await write(byDomain())
      const refused = await jhub.run('up')
      expect(refused.stderr).toContain(`acme.test:9443 gave no certificate for ${domain}`)
      expect(refused.stderr).toContain('connection refused')
      expect(refused.stderr).toContain('JHUB-E219')
      expect(refused.exitCode).toBe(3)
      const trust = await inContainer(name, 'cat', path.join(directory, 'state', name, 'ca.crt'))
      expect(await login(`https://${address}:8443`, trust)).toBe(true)
      expect(await listensOn(80, 443)).toEqual([])
      expect(
        await inContainer(name, 'sh', '-c', 'ls -d /etc/systemd/system/*front* /opt/jhub/*/tools/caddy*; true'),
      ).toBe('')
    })

    it('changes nothing for a name that leads nowhere', async () => {
      await write(byDomain('nowhere.acme.test'))
      const refused = await jhub.run('up')
      expect(refused.exitCode).toBe(3)
      expect(refused.stderr).toContain('name nowhere.acme.test: it has no address')
    })

    it('is reached by its name, with pages, kernels and a certificate that status tells', async () => {
      await write(byDomain())
      await authority.start()
      const up = await jhub.json<Up>('up')
      expect(up.url).toBe(`https://${domain}`)
      expect(await login(up.url, root)).toBe(true)
      expect(await redirectOf(`http://${address}/hub/login?next=x`)).toEqual([
        308,
        `https://${domain}/hub/login?next=x`,
      ])
      const {certificate, services, state} = await status()
      expect(state).toBe('running')
      expect(certificate.issuer).toContain('Test Authority')
      expect(certificate.names).toEqual([domain])
      expect(services.map((service) => `${service.name} ${service.state}`)).toEqual([
        'hub running',
        'proxy running',
        'https running',
      ])
      await jhub.json('server', 'start', 'admin')
      const browser = openBrowser(up.url, root, address)
      expect(await browser.login('admin', password)).toBe(true)
      expect(await browser.loginIsSecure()).toBe(true)
      expect(await browser.runCode('admin', '5*4')).toBe('20')
      expect((await jhub.json<Up>('up')).changes).toEqual([])
      expect((await jhub.json<{lines: readonly string[]}>('logs', '--of', 'https')).lines.join()).toContain(
        'certificate obtained successfully',
      )
    })

    it('comes back with the certificate that it had, and asks for no other', async () => {
      const before = await serial()
      await jhub.json('down', '--yes')
      expect(await listensOn(80, 443)).toEqual([])
      await authority.stop()
      await jhub.json('up')
      expect(await serial()).toBe(before)
      expect(await login(`https://${domain}`, root)).toBe(true)
    })

    it('gives its ports back when it is to be without it, and leaves nothing', async () => {
      await write('port: 8000')
      const {url} = await jhub.json<Up>('up')
      expect(url).toBe('http://127.0.0.1:8000')
      expect(await listensOn(80, 443)).toEqual([])
      await jhub.json('down', '--delete-data', '--confirm', name)
      expect(await inContainer(name, 'sh', '-c', 'ls -d /opt/jhub* /etc/systemd/system/*jhub*; true')).toBe('')
    })
  })
}
