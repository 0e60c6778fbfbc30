import {chmod, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {zstdDecompressSync} from 'node:zlib'
import {expect} from 'vitest'
import type {Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'

/** What a person puts beside the work that they hand in: ways out of the home, and what never ends. */
const mischief = `
import os
os.makedirs("deep", exist_ok=True)
open("deep/hw1 作业.txt", "w").write("by ana")
for link, target in (("hw1.link", "/etc/hostname"), ("deep/hw1-up", "../.."), ("hw1-root", "/")):
    os.symlink(target, link)
os.mkfifo("hw1.fifo")
`

/** Copies files to and from the homes of somebody whose server runs and of somebody who never had one. */
export async function collectsAndSendsFiles(
  jhub: RealJhub,
  running: string,
  absent: string,
  browser: Browser,
): Promise<void> {
  const place = await mkdtemp(path.join(tmpdir(), 'jhub-files-'))
  const task = path.join(place, 'task.txt')
  // The hub may be of another account.
  await chmod(place, 0o777)
  await writeFile(task, 'the task')
  await browser.runCode(running, mischief)
  await jhub.json('files', 'send', task, '--to', running, '--to', absent)
  expect(await browser.runCode(running, 'open("task.txt", "a").write(", done"); print(open("task.txt").read())')).toBe(
    'the task, done',
  )
  const {homes} = await jhub.json<{homes: readonly {login: string; files: readonly {path: string}[] | null}[]}>(
    'files',
    'list',
  )
  const filesOf = (login: string) => homes.find((home) => home.login === login)?.files?.map((file) => file.path)
  expect(filesOf(running)).toEqual(expect.arrayContaining(['deep/hw1 作业.txt', 'task.txt']))
  expect(filesOf(absent)).toEqual(['task.txt'])
  const to = path.join(place, 'out')
  const {people} = await jhub.json<{people: readonly {login: string; skipped: readonly {path: string}[]}[]}>(
    ...['files', 'collect', '**/hw1*', '--to', to],
  )
  expect(
    people
      .find(({login}) => login === running)
      ?.skipped.map((each) => each.path)
      .sort(),
  ).toEqual(['deep/hw1-up', 'hw1-root', 'hw1.fifo', 'hw1.link'].sort())
  expect((await readdir(to, {recursive: true})).filter((name) => !name.endsWith('.csv')).sort()).toEqual([
    running,
    `${running}/deep`,
    `${running}/deep/hw1 作业.txt`,
  ])
  expect(await readFile(path.join(to, running, 'deep', 'hw1 作业.txt'), 'utf8')).toBe('by ana')
  await archivesAndEmpties(jhub, absent, path.join(place, 'archives'))
  await rm(place, {recursive: true})
}

/** Resets the home of somebody whose server does not run, in a group of their own. */
async function archivesAndEmpties(jhub: RealJhub, login: string, to: string): Promise<void> {
  await jhub.json('group', 'add', 'monday')
  await jhub.json('group', 'set', 'monday', '--add', login)
  const {people} = await jhub.json<{people: readonly {state: string; files: number; archive: string}[]}>(
    ...['files', 'reset', '--group', 'monday', '--to', to, '--confirm', 'monday'],
  )
  expect(people).toMatchObject([{state: 'emptied', files: 1}])
  expect(zstdDecompressSync(await readFile(people[0]?.archive ?? '')).includes('the task')).toBe(true)
  await jhub.json('group', 'remove', 'monday')
}
