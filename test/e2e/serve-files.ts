import {readFile, stat} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {listen, makeServer, type Served} from '../fakes/listen.js'

/** Serves the files of a directory, at an address that containers of this computer's Docker reach. */
export async function serveFiles(root: string): Promise<Served> {
  const server = makeServer((asked, response) => {
    const file = path.join(root, path.normalize(new URL(asked.url ?? '/', 'http://files.test').pathname))
    void stat(file)
      .then((facts) => (facts.isFile() ? readFile(file) : undefined))
      .catch(() => undefined)
      .then((bytes) => response.writeHead(bytes === undefined ? 404 : 200).end(bytes))
  })
  const {stdout: address} = await execa('docker', [
    ...['network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Gateway}}'],
  ])
  return listen(server, {address: address.trim()})
}
