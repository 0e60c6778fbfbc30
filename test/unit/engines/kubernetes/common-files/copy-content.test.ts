import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {afterEach, beforeEach, describe, expect, it} from 'vitest'
import {repositoryCopies} from '../../../../../src/engines/kubernetes/clusters/kind/repository-copies.js'
import {copyContent} from '../../../../../src/engines/kubernetes/common-files/copy-content.js'
import type {TreeKeeper} from '../../../../../src/engines/common-files/tree-keeper.js'
import {realHost} from '../../../../../src/host/real-host.js'
import type {StepContext} from '../../../../../src/steps/step.js'

const {commands, files, checksums} = realHost()
const context: StepContext = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

let place = ''
let noted: string | undefined

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'jhub-copy-'))
  noted = undefined
  await git('init', '--quiet', '--initial-branch', 'main')
  await push('one')
})
afterEach(() => rm(place, {recursive: true, force: true}))

async function git(...words: string[]): Promise<void> {
  await execa('git', ['-C', place, '-c', 'user.name=t', '-c', 'user.email=t@t.example', ...words])
}

async function push(text: string): Promise<void> {
  await writeFile(path.join(place, 'lesson.txt'), text)
  await git('add', 'lesson.txt')
  await git('commit', '--quiet', '--message', text)
}

function copy({bundled, address = `file://${place}`}: {readonly bundled?: string; readonly address?: string} = {}) {
  const keeper: TreeKeeper = {
    compare: async () => 'same',
    missing: async (each) => ({here: each.map(() => 0), freeBytes: 1e12}),
    write: async () => undefined,
    publish: async () => undefined,
  }
  return copyContent({
    cluster: {files, checksums, layout: {content: path.join(place, 'copy')}} as never,
    own: {repositories: () => repositoryCopies({commands, files})},
    content: {git: address},
    bundled,
    keeper,
    notes: {
      isShown: async () => noted !== undefined,
      copied: async () => noted,
      note: async (copied) => void (noted = copied ?? undefined),
    },
  })
}

describe("a copy of the course's repository in a cluster", () => {
  it('is made anew when something was pushed, and is the newest there is while the address does not answer', async () => {
    await copy().apply(context)
    expect(await copy().check()).toBeUndefined()
    await push('two')
    expect((await copy().check())?.summary).toBe(`copy file://${place}, for servers without internet`)
    await copy().apply(context)
    expect(await copy().check()).toBeUndefined()
    noted = noted?.replace(/\S+$/, 'older')
    const away = path.join(place, '.git', 'HEAD')
    await writeFile(away, '')
    expect(await copy().check()).toBeUndefined()
    expect(await copy({address: `file://${place}/other`}).check()).toBeDefined()
  })

  it('is that of a bundle where there is one', async () => {
    await copy().apply(context)
    const bundled = path.join(place, 'repository.gitbundle')
    await git('bundle', 'create', '--quiet', bundled, '--all')
    expect((await copy({bundled}).check())?.summary).toContain(' from the bundle')
    await copy({bundled}).apply(context)
    expect(await copy({bundled}).check()).toBeUndefined()
  })
})
