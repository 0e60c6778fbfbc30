import {mkdir, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {serveFiles} from './serve-files.js'

/** The repository of a course, as a web server has it, at an address that containers of this computer's Docker reach. */
export interface CourseRepository {
  /** What the settings file says for it. */
  readonly settings: string
  /** Adds a file, or changes one. */
  commit(name: string, text: string): Promise<void>
  /** The address does not answer any more. */
  stop(): Promise<void>
}

/** Makes the repository below a directory of the test's own, and serves it as plain files, which git reads too. */
export async function serveCourse(directory: string): Promise<CourseRepository> {
  const [work, root] = [path.join(directory, 'course-work'), path.join(directory, 'course-served')]
  const bare = path.join(root, 'course.git')
  const git = (...words: readonly string[]) =>
    execa('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...words])
  await mkdir(root, {recursive: true})
  await git('init', '--quiet', '--initial-branch', 'main', work)
  await git('init', '--quiet', '--bare', '--initial-branch', 'main', bare)
  const commit = async (name: string, text: string) => {
    await writeFile(path.join(work, name), text)
    await git('-C', work, 'add', '.')
    await git('-C', work, 'commit', '--quiet', '-m', name)
    await git('-C', work, 'push', '--quiet', bare, 'main')
    await git('-C', bare, 'update-server-info')
  }
  await commit('lesson-1.ipynb', JSON.stringify({cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5}))
  const {url, stop} = await serveFiles(root)
  return {settings: `content: {git: "${url}/course.git", branch: main, open: lesson-1.ipynb}\n`, commit, stop}
}
