import {setTimeout as delay} from 'node:timers/promises'
import {execa} from 'execa'
import {expect} from 'vitest'
import type {RealJhub} from './real-jhub.js'

interface Rehearsed {
  readonly finished: number
  readonly failures: readonly object[]
  readonly stages: Readonly<Record<string, {readonly count: number} | null>>
}

interface Looking {
  readonly jhub: RealJhub
  readonly people: number
  /** A file of somebody's home; fails where it is not there. */
  readonly readHome: (jhub: RealJhub, account: string, file: string) => Promise<string>
}

/** Has made-up people go all the way, and looks that nothing of them is left. */
export async function rehearsesAndLeavesNothing(looking: Looking): Promise<void> {
  const {jhub, people} = looking
  const count = String(people)
  const result = await jhub.json<Rehearsed>('rehearse', '--people', count, '--over', '3s', '--yes')
  expect(result).toMatchObject({
    finished: people,
    failures: [],
    stages: {login: {count: people}, server: {count: people}, notebook: {count: people}},
  })
  await requireNothingLeft(looking)
}

/** Kills a rehearsal while somebody of it works; the next commands say what is left, and one removes it. */
export async function isCleanedAfterAKill(looking: Looking): Promise<void> {
  const {jhub, readHome} = looking
  const words = [...jhub.program, 'rehearse', '--people', '2', '--over', '1s', '--keep', '--yes']
  const running = execa(process.execPath, words, {cwd: jhub.directory, env: jhub.environment, reject: false})
  const hasWorked = () =>
    readHome(jhub, 'jhub-rehearsal-1', 'rehearsal.ipynb').then(
      () => true,
      () => false,
    )
  const seen = {ended: false}
  void running.then(() => {
    seen.ended = true
  })
  while (!seen.ended && !(await hasWorked())) await delay(200)
  running.kill('SIGKILL')
  await running
  expect(await hasWorked()).toBe(true)
  const names = ['jhub-rehearsal-1', 'jhub-rehearsal-2']
  expect(await jhub.json('plan')).toMatchObject({rehearsal: {names, isRunning: false}, unlisted: []})
  expect((await jhub.run('rehearse', '--people', '1')).exitCode).toBe(5)
  expect(await jhub.json('rehearse', '--clean')).toEqual({removed: names})
  await requireNothingLeft(looking)
}

async function requireNothingLeft({jhub, readHome}: Looking): Promise<void> {
  const {users} = await jhub.json<{users: readonly {name: string}[]}>('user', 'list')
  expect(users.filter(({name}) => name.startsWith('jhub-rehearsal'))).toEqual([])
  expect(await jhub.json('plan')).toMatchObject({rehearsal: null})
  expect(await jhub.json('rehearse', '--clean')).toEqual({removed: []})
  await expect(readHome(jhub, 'jhub-rehearsal-1', 'rehearsal.ipynb')).rejects.toThrow()
}
