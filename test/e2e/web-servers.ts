import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'
import {realHost} from '../../src/host/real-host.js'
import {buildDebianImage} from './debian-image.js'
import {until} from './until.js'

const docs = fileURLToPath(new URL('../../docs/behind-a-web-server.md', import.meta.url))
const image = 'jhub-e2e/web-servers:trixie'
const domain = 'www.example.org'

/** nginx, Apache and Caddy of Debian, each with the lines that the docs tell people to put into it. */
export interface WebServers {
  /** By HTTPS, at the loopback address. */
  readonly ports: Readonly<Record<WebServer, number>>
  /** PEM: the authority by which their certificate is known. */
  readonly ca: string
  stop(): Promise<void>
}

export type WebServer = keyof typeof settings

/** How the documented lines become a whole configuration for this port, and what runs it. */
const settings = {
  nginx: {
    around: (lines: string, port: number) =>
      `daemon off;\nevents {}\nhttp {\n${lines.replace('listen 443 ssl;', `listen 127.0.0.1:${String(port)} ssl;`)}}\n`,
    run: ['nginx', '-c'],
  },
  apache: {
    around: (lines: string, port: number) => `${apacheModules}
ServerName ${domain}
PidFile /tmp/apache.pid
DefaultRuntimeDir /tmp
Mutex file:/tmp
ErrorLog /proc/self/fd/2
User www-data
Listen 127.0.0.1:${String(port)}
SSLEngine on
SSLCertificateFile /etc/ssl/${domain}.crt
SSLCertificateKeyFile /etc/ssl/${domain}.key
${lines}`,
    run: ['apache2', '-DFOREGROUND', '-f'],
  },
  caddy: {
    around: (lines: string, port: number) => {
      const site = `https://${domain}:${String(port)} {\n  bind 127.0.0.1\n  tls /etc/ssl/${domain}.crt /etc/ssl/${domain}.key`
      return `{\n  admin off\n  auto_https disable_redirects\n}\n${lines.replace(`${domain} {`, site)}`
    },
    run: ['caddy', 'run', '--adapter', 'caddyfile', '--config'],
  },
} as const

const apacheModules = 'mpm_event authn_core authz_core ssl proxy proxy_http headers'
  .split(' ')
  .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
  .join('\n')

/** The lines of the docs for one of them, for a hub at this port. */
async function documented(server: WebServer, hubPort: number): Promise<string> {
  const [, lines] = new RegExp(`\`\`\`${server}\\n([\\s\\S]*?)\`\`\``).exec(await readFile(docs, 'utf8')) ?? []
  if (lines === undefined) throw new Error(`${docs} has no lines for ${server}`)
  return lines.replaceAll('127.0.0.1:8000', `127.0.0.1:${String(hubPort)}`)
}

/** In front of the hub at a port of the loopback address, each in a container called after `name`. */
export async function startWebServers(name: string, hubPort: number): Promise<WebServers> {
  const place = await mkdtemp(path.join(tmpdir(), 'jhub-web-servers-'))
  await chmod(place, 0o755)
  await buildDebianImage(image, 'nginx', 'apache2', 'caddy')
  const authority = await makeAuthority('A university', Date.now())
  const {certificate, key} = await issueCertificate(authority, [domain], Date.now())
  await writeFile(path.join(place, 'crt'), certificate)
  await writeFile(path.join(place, 'key'), key)
  const {processes} = realHost()
  const containers: string[] = []
  const start = async (server: WebServer): Promise<number> => {
    const [container, port] = [`${name}-${server}`, await processes.freePort()]
    const {around, run} = settings[server]
    await writeFile(path.join(place, server), around(await documented(server, hubPort), port))
    await execa('docker', ['rm', '-f', container], {reject: false})
    containers.push(container)
    const mounted = ['crt', 'key'].flatMap((file) => ['-v', `${place}/${file}:/etc/ssl/${domain}.${file}:ro`])
    const given = ['-v', `${place}/${server}:/test/${server}:ro`, ...mounted]
    const words = ['run', '-d', '--name', container, '--network', 'host', ...given, image, ...run, `/test/${server}`]
    await execa('docker', words)
    await until(`${server} listens`, async () => {
      const {stdout} = await execa('docker', ['inspect', '--format', '{{.State.Running}}', container])
      if (stdout !== 'true') throw new Error((await execa('docker', ['logs', container], {all: true})).all)
      return (await processes.portState(port, '127.0.0.1')).state !== 'free'
    })
    return port
  }
  const stop = async () => {
    for (const container of containers) await execa('docker', ['rm', '-f', '-v', container], {reject: false})
    await rm(place, {recursive: true})
  }
  try {
    const ports = {nginx: await start('nginx'), apache: await start('apache'), caddy: await start('caddy')}
    return {ports, ca: authority.certificate, stop}
  } catch (error) {
    await stop()
    throw error
  }
}
