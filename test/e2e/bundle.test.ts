import {readFile, rm, truncate} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {realJhub, type RealJhub} from './real-jhub.js'

/** Runs a shell in a network of its own, in which there is only the loopback address. */
const withoutNetwork = ['--net', 'sh', '-euc']
const found = await execa('unshare', [...withoutNetwork, 'ip link set lo up'], {reject: false})
if (found.exitCode !== 0)
  console.error(`SKIPPED: a hub without internet: no network namespace can be made here (${found.stderr})`)

describe.skipIf(found.exitCode !== 0)('a bundle', () => {
  let jhub: RealJhub
  let bundle = ''
  let command = ''
  beforeAll(async () => {
    jhub = await realJhub({port: 18_350, name: 'bundled'})
    bundle = path.join(jhub.directory, 'class.tar')
    command = [process.execPath, ...jhub.program].map((word) => `'${word}'`).join(' ')
    await jhub.json('up', '--port', '18350')
  })
  afterAll(() => jhub.dispose())

  it('is made by a hub that is up, and of nothing that already exists', async () => {
    const {contents} = await jhub.json<{contents: readonly string[]}>('bundle', 'create', '--output', bundle)
    expect(contents).toEqual(['uv', 'setuptools', 'JupyterHub', 'JupyterLab'])
    expect((await jhub.run('bundle', 'create', '--output', bundle)).stderr).toContain('JHUB-E402')
    await jhub.json('down', '--yes', '--delete-data', '--confirm', 'bundled')
  })

  it('is not needed for a second hub where uv has the packages of the first', async () => {
    const script = `
      ip link set lo up
      ${command} up --json > again.json
      ${command} down --yes --delete-data --confirm bundled > again.txt`
    const ran = await execa('unshare', [...withoutNetwork, script], {
      cwd: jhub.directory,
      env: jhub.environment,
      reject: false,
      timeout: 600_000,
    })
    expect(ran, ran.stderr).toMatchObject({exitCode: 0})
    const [up, down] = await Promise.all(
      ['again.json', 'again.txt'].map((name) => readFile(path.join(jhub.directory, name), 'utf8')),
    )
    expect(JSON.parse(up ?? '')).toMatchObject({hub: 'bundled', admins: ['admin']})
    expect(down).toContain("takes its packages from uv's cache")
  })

  it('brings a hub up where there is no network, no uv and nothing that was downloaded before', async () => {
    const script = `
      ip link set lo up
      ${command} up --bundle '${bundle}' --json > up.json
      ${command} server start admin --json > started.json
      ${command} down --yes --json > down.json`
    const cache = path.join(jhub.directory, 'empty-cache')
    const ran = await execa('unshare', [...withoutNetwork, script], {
      cwd: jhub.directory,
      env: {...jhub.environment, HOME: jhub.directory, PATH: '/usr/sbin:/usr/bin:/sbin:/bin', UV_CACHE_DIR: cache},
      reject: false,
      timeout: 600_000,
    })
    const read = async (name: string) =>
      JSON.parse(await readFile(path.join(jhub.directory, `${name}.json`), 'utf8')) as unknown
    expect(ran, ran.stderr).toMatchObject({exitCode: 0})
    expect(await read('up')).toMatchObject({hub: 'bundled', admins: ['admin']})
    expect(await read('started')).toEqual({done: ['admin']})
    await rm(cache, {recursive: true})
  })

  it('that was cut short is refused before anything is changed', async () => {
    await truncate(bundle, 5_000_000)
    const ran = await jhub.run('up', '--bundle', bundle)
    expect(ran).toMatchObject({exitCode: 3, stdout: ''})
    expect(ran.stderr).toContain('JHUB-E231')
    expect((await jhub.json<{state: string}>('status')).state).toBe('stopped')
  })
})
