import {buffer} from 'node:stream/consumers'
import {Readable} from 'node:stream'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {extract, pack} from 'tar-stream'
import {describe, expect, it} from 'vitest'

const program = fileURLToPath(
  new URL('../../../../../../../src/engines/kubernetes/clusters/kind/images/new-layers.ts', import.meta.url),
)
const digest = (letter: string) => letter.repeat(64)

async function archive(names: readonly string[]): Promise<Buffer> {
  const tar = pack()
  for (const name of names) tar.entry({name}, `content of ${name}`)
  tar.finalize()
  return buffer(tar)
}

async function contents(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for await (const entry of Readable.from([bytes]).pipe(extract()))
    found.set(entry.header.name, (await buffer(entry)).toString())
  return found
}

async function passed(input: Uint8Array, known: readonly string[] = []) {
  const {exitCode, stdout, stderr} = await execa(process.execPath, [program, ...known], {
    input,
    encoding: 'buffer',
    reject: false,
  })
  return {exitCode, stdout, said: Buffer.from(stderr).toString().split('\n').filter(Boolean)}
}

describe('an archive of images', () => {
  const names = [`blobs/sha256/${digest('a')}`, `blobs/sha256/${digest('b')}`, 'index.json', 'oci-layout']

  it('loses the layers that a node has, and nothing else', async () => {
    const bytes = await archive(names)
    const sent = await passed(bytes, [`sha256:${digest('a')}`, `sha256:${digest('c')}`])
    expect([...(await contents(sent.stdout))]).toEqual(names.slice(1).map((name) => [name, `content of ${name}`]))
    expect(sent.said.reduce((sum, line) => sum + Number(line), 0)).toBe(bytes.length)
    const none = await passed(bytes, [`sha256:${digest('a')}`, `sha256:${digest('b')}`])
    expect([...(await contents(none.stdout)).keys()]).toEqual(['index.json', 'oci-layout'])
  })

  it('keeps the size of a layer that is larger than a header of tar has room for', async () => {
    const tar = pack()
    const size = 2 ** 33 + 1
    tar.entry({name: `blobs/sha256/${digest('a')}`, size}, () => undefined)
    const head = (await tar[Symbol.asyncIterator]().next()).value as Uint8Array
    const running = execa(process.execPath, [program], {stdin: 'pipe', reject: false, buffer: {stdout: false}})
    running.stdin.write(head)
    const reader = extract()
    const passedOn = new Promise((resolve) => reader.on('entry', ({size: kept}) => resolve(kept)))
    running.stdout.on('data', (part: Uint8Array) => reader.write(part))
    expect(await passedOn).toBe(size)
    running.stdin.end()
    const {exitCode, stderr} = await running
    expect([exitCode, stderr.split('\n').at(-1)]).toEqual([1, 'Unexpected end of data'])
  })

  it('fails when it is cut off', async () => {
    const whole = await archive(names)
    const {exitCode, said} = await passed(whole.subarray(0, 700))
    expect([exitCode, said.at(-1)]).toEqual([1, 'Unexpected end of data'])
  })

  it('ends as any program does when nobody reads on', async () => {
    const tar = pack()
    tar.entry({name: 'index.json'}, 'x'.repeat(3_000_000))
    tar.finalize()
    const running = execa(process.execPath, [program], {input: await buffer(tar), reject: false, buffer: false})
    running.stdout.destroy()
    expect((await running).exitCode).toBe(141)
  })

  it('ends when whoever started it is gone', async () => {
    const running = execa(process.execPath, [program], {stdin: 'pipe', reject: false, buffer: false})
    running.stdout.resume()
    running.stderr.destroy()
    const size = 2 ** 30
    const tar = pack()
    tar.entry({name: 'index.json', size}, () => undefined)
    running.stdin.on('error', () => undefined)
    running.stdin.write((await tar[Symbol.asyncIterator]().next()).value as Uint8Array)
    expect((await running).exitCode).toBe(141)
  })
})
