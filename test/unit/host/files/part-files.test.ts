import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {newPartFile, removeLeftParts} from '../../../../src/host/files/part-files.js'
import {realHost} from '../../../../src/host/real-host.js'

const host = realHost()
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-parts-'))
})
afterEach(() => rm(directory, {recursive: true}))

const put = (name: string) => writeFile(path.join(directory, path.basename(name)), 'half of it')
const ofProcess = (pid: number, started: string) => {
  const processes = {...host.processes, startTime: async () => started}
  return newPartFile({...host, processes}, directory).then((name) =>
    name.replace(`-${String(process.pid)}-`, `-${String(pid)}-`),
  )
}

describe('files that are not whole', () => {
  it('stay while their process writes them', async () => {
    const name = await newPartFile(host, directory)
    await put(name)
    await removeLeftParts(host, directory)
    expect(await readdir(directory)).toEqual([path.basename(name)])
  })

  it('are removed when it was killed, also where its number is that of another process now', async () => {
    const sleeping = spawn('sleep', ['100'])
    const pid = sleeping.pid ?? 0
    await put(await ofProcess(pid, (await host.processes.startTime(pid)) ?? ''))
    await removeLeftParts(host, directory)
    expect(await readdir(directory)).toHaveLength(1)
    await put(await ofProcess(pid, 'in another life'))
    await removeLeftParts(host, directory)
    expect(await readdir(directory)).toHaveLength(1)
    sleeping.kill('SIGKILL')
    await once(sleeping, 'exit')
    await removeLeftParts(host, directory)
    expect(await readdir(directory)).toEqual([])
  })

  it('of another computer, and files of others, stay', async () => {
    const system = {...host.system, hostName: 'elsewhere'}
    const elsewhere = await newPartFile({...host, system}, directory)
    const others = [path.basename(elsewhere), '.jhub-notes.part', 'ana.tar.zst', '.hidden.part'].sort()
    for (const name of others) await put(name)
    await put((await ofProcess(2 ** 22 + 1, 'x')).replace('.part', '.part.bak'))
    await removeLeftParts(host, directory)
    expect((await readdir(directory)).filter((name) => !name.endsWith('.bak')).sort()).toEqual(others)
    await removeLeftParts(host, path.join(directory, 'none'))
  })
})
