import {link, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {measureEnvironment} from '../../../../../src/engines/vm/images/measure-environment.js'
import {JhubError} from '../../../../../src/errors.js'
import {realHost} from '../../../../../src/host/real-host.js'

let environments: string
beforeEach(async () => {
  environments = await mkdtemp(path.join(os.tmpdir(), 'jhub-'))
})
afterEach(() => rm(environments, {recursive: true}))

const mebibyte = 1024 ** 2
const machine = () => {
  const {commands, files} = realHost()
  return {files, layout: {environments} as never, run: (argv: readonly string[]) => commands.run(argv)}
}

it('counts what an image has in common with others once', async () => {
  const [first, second] = [path.join(environments, 'image-a'), path.join(environments, 'image-b')]
  for (const each of [first, second]) await mkdir(each)
  await writeFile(path.join(first, 'common'), Buffer.alloc(4 * mebibyte, 1))
  await link(path.join(first, 'common'), path.join(second, 'common'))
  await writeFile(path.join(second, 'own'), Buffer.alloc(mebibyte, 2))
  const disk = await measureEnvironment(machine(), second)
  expect(disk?.bytes).toBeGreaterThanOrEqual(5 * mebibyte)
  expect(disk?.ownBytes).toBeGreaterThanOrEqual(mebibyte)
  expect(disk?.ownBytes).toBeLessThan(2 * mebibyte)
})

it('says nothing where du cannot count', async () => {
  const run = () => Promise.reject(new JhubError('JHUB-E206', 'du did not end'))
  expect(await measureEnvironment({...machine(), run}, path.join(environments, 'image-a'))).toBeUndefined()
})
