import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {lastPrinted} from '../../campaign/engine-without-route.js'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-without-route-'))
})
afterEach(() => rm(directory, {recursive: true, force: true}))

const commands = [['up'], ['server', 'start', 'admin'], ['down']]

it('tells the error that the command before the end printed', async () => {
  await writeFile(path.join(directory, 'engine.0.json'), '{"changes": []}')
  await writeFile(path.join(directory, 'engine.1.json'), '{"error": {"message": "Spawn failed"}}')
  expect(await lastPrinted(path.join(directory, 'engine'), commands)).toBe(
    'jhub server start admin: {"error": {"message": "Spawn failed"}}',
  )
})

it('looks past a command that was stopped before it printed', async () => {
  await writeFile(path.join(directory, 'engine.0.json'), '{"error": {"message": "no room"}}')
  await writeFile(path.join(directory, 'engine.1.json'), '')
  expect(await lastPrinted(path.join(directory, 'engine'), commands)).toContain('jhub up: {"error"')
})

it('says so when nothing was printed', async () => {
  expect(await lastPrinted(path.join(directory, 'engine'), commands)).toBe('no command printed anything')
})
