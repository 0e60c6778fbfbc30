import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {serveCourse} from '../e2e/course-repository.js'
import {realJhub} from '../e2e/real-jhub.js'
import {messageOf} from '../../src/errors.js'
import type {DayPlace} from './day.js'
import {withoutRoute} from './engine-without-route.js'
import type {Outcome} from './run-drift.js'

/** A hub is put into a bundle, and is brought up from it where there is no network, no image and no program of Kubernetes. */
export async function runCarried({hub}: DayPlace, say: (line: string) => void): Promise<Outcome> {
  const started = Date.now()
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-course-'))
  const course = await serveCourse(directory)
  const jhub = await realJhub({...hub, spec: hub.spec + course.settings})
  const failures: string[] = []
  const require = (isSo: boolean, otherwise: string) => {
    if (!isSo) failures.push(otherwise)
  }
  try {
    await mkdir(path.join(jhub.environment['JHUB_CONFIG_DIR'] ?? '', 'materials'), {recursive: true})
    await jhub.json('up')
    const bundle = path.join(jhub.directory, 'class.tar')
    const made = await jhub.json<{contents: readonly string[]; bytes: number}>('bundle', 'create', '--output', bundle)
    say(`    ${(made.bytes / 1e9).toFixed(1)} GB: ${made.contents.join(', ')}`)
    await jhub.json('down', '--delete-data', '--confirm', jhub.name)
    await course.stop()
    const [up, , listed, again, , status] = (await withoutRoute(
      jhub,
      ['up', '--bundle', bundle],
      ['server', 'start', 'admin'],
      ['files', 'list', 'admin'],
      ['up', '--bundle', bundle],
      ['down', '--delete-data', '--confirm', jhub.name],
      ['status'],
    )) as [{changes: readonly unknown[]}, unknown, unknown, {changes: readonly unknown[]}, unknown, {state: string}]
    require(up.changes.length > 0, 'up had nothing to do')
    require(JSON.stringify(listed).includes(
      'course/lesson-1.ipynb',
    ), `no course in the home: ${JSON.stringify(listed)}`)
    require(again.changes.length === 0, `up again is not without changes: ${JSON.stringify(again.changes)}`)
    say(`    without a route: up, a server, its course, up again; then ${status.state}`)
  } catch (error) {
    failures.push(messageOf(error))
  } finally {
    await jhub.dispose()
    await course.stop()
    await rm(directory, {recursive: true, force: true})
  }
  return {name: 'a bundle where there is no route', failures, seconds: (Date.now() - started) / 1000}
}
