import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {inContainer, tryInContainer} from './docker-machine.js'
import {until} from './until.js'

const requirements = fileURLToPath(new URL('../../assets/requirements/caddy.txt', import.meta.url))
const port = 9443
const storage = '/root/authority'

/** A real authority that speaks ACME, in a container beside the hub: another Caddy, with its `acme_server`. */
export interface AcmeAuthority {
  readonly directory: string
  /** PEM: whom to trust. */
  root(): Promise<string>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Its place is a name or an address of the container. `shared` is mounted in the container. */
export async function acmeAuthority(container: string, shared: string, place: string): Promise<AcmeAuthority> {
  const directory = path.join(shared, 'authority')
  await mkdir(directory)
  const into = ['--quiet', '--no-deps', '--require-hashes', '--target', directory]
  await execa('python3', ['-m', 'pip', 'install', ...into, '-r', requirements])
  const config = path.join(directory, 'authority.json')
  await writeFile(config, JSON.stringify(authorityConfig(place)))
  return {
    directory: `https://${place}:${String(port)}/acme/local/directory`,
    root: () => inContainer(container, 'cat', `${storage}/pki/authorities/local/root.crt`),
    async start() {
      const unit = [
        'systemd-run',
        '--unit',
        'authority',
        path.join(directory, 'bin', 'caddy'),
        'run',
        '--config',
        config,
      ]
      await inContainer(container, ...unit)
      await until('the authority answers', async () => {
        await inContainer(container, 'systemctl', 'is-active', 'authority')
        const ask = `exec 3<>/dev/tcp/127.0.0.1/${String(port)}`
        return (await tryInContainer(container, 'bash', '-c', ask)).exitCode === 0
      })
    },
    async stop() {
      await inContainer(container, 'systemctl', 'stop', 'authority')
    },
  }
}

const authorityConfig = (place: string) => ({
  admin: {disabled: true, config: {persist: false}},
  storage: {module: 'file_system', root: storage},
  apps: {
    pki: {certificate_authorities: {local: {name: 'Test Authority', install_trust: false}}},
    http: {
      grace_period: '1s',
      servers: {
        acme: {
          listen: [`:${String(port)}`],
          automatic_https: {disable: true},
          tls_connection_policies: [{}],
          routes: [{handle: [{handler: 'acme_server', ca: 'local', challenges: ['http-01', 'tls-alpn-01']}]}],
        },
      },
    },
    tls: {
      certificates: {automate: [place]},
      automation: {policies: [{subjects: [place], issuers: [{module: 'internal'}]}]},
    },
  },
})
