import {cp, mkdir, readFile, stat, writeFile} from 'node:fs/promises'
import {createServer as createProxy} from 'node:http'
import {createServer} from 'node:https'
import {connect, type AddressInfo, type Server} from 'node:net'
import path from 'node:path'
import {execa} from 'execa'
import {issueCertificate, makeAuthority} from '../../src/engines/vm/https/issue-certificate.js'

export interface ChartRepository {
  /** With this, helm finds the repository here under its official address. */
  readonly environment: Readonly<Record<string, string>>
  close(): void
}

const host = 'hub.jupyter.org'

/** The official chart repository with one chart, here: a company's proxy leads helm to it. */
export async function chartRepository(chart: string, directory: string): Promise<ChartRepository> {
  const files = path.join(directory, 'helm-chart')
  await mkdir(files, {recursive: true})
  if ((await stat(chart)).isDirectory()) await execa('helm', ['package', chart, '--destination', files])
  else await cp(chart, path.join(files, path.basename(chart)))
  await execa('helm', ['repo', 'index', files, '--url', `https://${host}/helm-chart/`])

  const authority = await makeAuthority('chart repository', Date.now())
  const {certificate, key} = await issueCertificate(authority, [host], Date.now())
  const trusted = path.join(directory, 'authority.pem')
  await writeFile(trusted, authority.certificate)
  const repository = createServer({cert: certificate, key}, ({url = ''}, response) => {
    readFile(path.join(files, path.basename(url))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  const repositoryPort = await listen(repository)
  const proxy = createProxy()
  proxy.on('connect', (_, socket) => {
    const through = connect(repositoryPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      through.pipe(socket).pipe(through)
    })
    for (const [one, other] of [
      [socket, through],
      [through, socket],
    ] as const)
      one.on('error', () => other.destroy())
  })
  return {
    environment: {
      HTTPS_PROXY: `http://127.0.0.1:${String(await listen(proxy))}`,
      NO_PROXY: '127.0.0.1,localhost',
      SSL_CERT_FILE: trusted,
      HELM_CACHE_HOME: path.join(directory, 'helm-cache'),
      HELM_CONFIG_HOME: path.join(directory, 'helm-config'),
      HELM_DATA_HOME: path.join(directory, 'helm-data'),
    },
    close() {
      for (const server of [proxy, repository]) {
        server.closeAllConnections()
        server.close()
      }
    },
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
