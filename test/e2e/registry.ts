import {randomBytes} from 'node:crypto'
import {execa} from 'execa'
import {buildDebianImage} from './debian-image.js'
import {untilReached} from './until.js'

const image = 'jhub-e2e/registry:trixie'
const settings = `version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/registry}}
http: {addr: ":5000"}
auth: {htpasswd: {realm: e2e, path: /etc/people}}
`

/** A real registry in a container, with one account. */
export interface Registry {
  /** As references name it: a port of the loopback address, where Docker takes HTTP. */
  readonly host: string
  readonly account: {readonly username: string; readonly password: string}
  stop(): Promise<void>
}

/** Nodes of kind reach it under the same name. */
export async function startRegistry(name: string, nodes: readonly string[]): Promise<Registry> {
  const docker = (...words: readonly string[]) => execa('docker', words)
  await buildDebianImage(image, 'docker-registry', 'apache2-utils')
  await execa('docker', ['rm', '-f', '-v', name], {reject: false})
  const account = {username: 'course', password: randomBytes(12).toString('hex')}
  const start = 'printf %s "$SETTINGS" > /etc/settings.yml && htpasswd -Bbn course "$WORD" > /etc/people'
  await execa(
    'docker',
    [
      ...['run', '-d', '--name', name, '--network', 'kind', '-p', '127.0.0.1::5000', '-e', 'SETTINGS', '-e', 'WORD'],
      ...[image, 'sh', '-c', `${start} && exec docker-registry serve /etc/settings.yml`],
    ],
    {env: {SETTINGS: settings, WORD: account.password}},
  )
  const host = (await docker('port', name, '5000')).stdout.trim()
  const {stdout: address} = await docker('inspect', '--format', '{{.NetworkSettings.Networks.kind.IPAddress}}', name)
  const place = `/etc/containerd/certs.d/${host}`
  for (const node of nodes)
    await execa('docker', ['exec', '-i', node, 'sh', '-c', `mkdir -p ${place} && cat > ${place}/hosts.toml`], {
      input: `[host."http://${address}:5000"]\n`,
    })
  await untilReached('the registry asks who asks', async () => (await fetch(`http://${host}/v2/`)).status === 401)
  return {
    host,
    account,
    stop: async () => {
      await execa('docker', ['rm', '-f', '-v', name], {reject: false})
    },
  }
}
