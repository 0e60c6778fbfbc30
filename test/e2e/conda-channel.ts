import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {serveFiles} from './serve-files.js'
import type {Served} from '../fakes/listen.js'

const program = fileURLToPath(new URL('../python/conda_channel.py', import.meta.url))
const make =
  'd=$(mktemp -d) && python3 - "$d/channel" && tar --directory "$d" --create --file - channel; r=$?; rm -rf "$d"; exit $r'

/**
 * Serves a channel of conda whose Python is the one of a container. `docker` are the words after which a shell runs there with
 * an open standard input: `['exec', '-i', 'NAME']`.
 */
export async function serveCondaChannel(docker: readonly string[]): Promise<Served> {
  const root = await mkdtemp(path.join(tmpdir(), 'jhub-conda-channel-'))
  const {stdout: archive} = await execa('docker', [...docker, 'sh', '-c', make], {
    input: await readFile(program),
    encoding: 'buffer',
  })
  await execa('tar', ['--directory', root, '--extract'], {input: archive})
  const {url, stop} = await serveFiles(root)
  return {
    url: `${url}/channel`,
    async stop() {
      await stop()
      await rm(root, {recursive: true, force: true})
    },
  }
}
