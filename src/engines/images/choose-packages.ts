import {messageOf} from '../../errors.js'
import type {Files} from '../../host/files/files.js'
import {
  describePackageChange,
  diffPackages,
  isSameBuild,
  lockContents,
  parseImageLock,
  renderImageLock,
  type ImageLock,
} from '../../hub-spec/images/image-lock.js'
import {parseDirectoryBase} from '../../hub-spec/images/recipes/directory-base.js'
import type {Step} from '../../steps/step.js'
import {restorableFile} from '../../steps/write-text.js'
import type {PackageChoice} from '../engine.js'

export interface ChooseOptions {
  readonly name: string
  /** What is chosen of it: `digest` of somebody else's container image, `directory` with a Dockerfile. Default: its packages. */
  readonly of?: Chosen
  /** What somebody asked for; `undefined`: what the recipe says now. */
  readonly take?: PackageChoice['take'] | undefined
  readonly local: Files
  readonly lockFile: string
  /** The lock in force; `undefined` before the first. */
  readonly current: () => Promise<ImageLock | undefined>
  /** The lock that is wanted: the same one when nothing has to be chosen. */
  readonly choose: (signal?: AbortSignal) => Promise<ImageLock>
  /** What is needed to choose is there. */
  readonly canChoose: () => Promise<boolean>
}

type Chosen = 'packages' | 'digest' | 'directory'

const titles: Readonly<Record<Chosen, readonly [title: string, verb: string]>> = {
  packages: ['Choose the packages', 'choose the packages'],
  digest: ['Find the digest', 'find the digest'],
  directory: ['Read the directory', 'read the directory'],
}

/** So many packages are named of a change; of the others their number. */
const shown = 6

/** Writes the packages of an image down, beside the spec. A step that could not choose says why, and leaves them as they were. */
export function choosePackages({
  name,
  of = 'packages',
  take,
  local,
  lockFile,
  current,
  choose,
  canChoose,
}: ChooseOptions): Step {
  const restorable = restorableFile({files: local, file: lockFile, mode: 0o644})
  const [title, verb] = titles[of]
  const unknown = `${verb} of the image ${name}`
  return {
    title: `${title} of the image ${name}`,
    async check() {
      if (!(await canChoose())) return {summary: unknown, disturbs: 'live'}
      try {
        const [there, wanted] = [await current(), await choose()]
        const written = parseImageLock(await local.read(lockFile))
        if (there !== undefined && isSame(there, wanted) && written !== undefined && isSame(written, wanted))
          return undefined
        const isLost = there !== undefined && isSame(there, wanted)
        const summary = isLost ? `image ${name}: write ${lockFile} again` : describe({name, take}, there, wanted)
        return {summary, disturbs: 'live'}
      } catch (error) {
        return {summary: `${unknown} (not possible now: ${messageOf(error)})`, disturbs: 'live'}
      }
    },
    async apply({signal}) {
      await restorable.write(renderImageLock(await choose(signal)))
    },
    undo: () => restorable.restore(),
  }
}

function isSame(one: ImageLock, other: ImageLock): boolean {
  return one.recipe === other.recipe && isSameBuild(one, other)
}

const directoryWords = {
  now: 'take its directory as it is now',
  newest: 'build its directory again on the newest base',
  previous: 'go back to its earlier build',
} as const

/** `image data: pandas 2.2.3 → 2.3.1, six 1.17.0 (gone)`. */
function describe(
  {name, take}: Pick<ChooseOptions, 'name' | 'take'>,
  before: ImageLock | undefined,
  after: ImageLock,
): string {
  const packages = lockContents(after)
  if (parseDirectoryBase(after.base) !== undefined)
    return `image ${name}: ${before === undefined ? 'take its Dockerfile' : directoryWords[take ?? 'now']}`
  const debian = changedNames(before?.apt ?? [], after.apt ?? [])
  if (before === undefined) {
    const first =
      packages.size === 0 && after.base !== undefined
        ? `take ${after.base}`
        : `${String(packages.size)} ${packages.size === 1 ? 'package' : 'packages'}`
    return `image ${name}: ${[first, ...debian].join(', ')}`
  }
  const changes = [...diffPackages(lockContents(before), packages).map(describePackageChange), ...debian]
  const isMoved = before.base !== undefined && before.base !== after.base
  if (isMoved) changes.unshift(`on ${after.base ?? ''} instead of ${before.base}`)
  if (changes.length === 0) return `image ${name}: the same packages for a new recipe`
  const more = changes.length > shown ? ` and ${String(changes.length - shown)} more` : ''
  return `image ${name}: ${changes.slice(0, shown).join(', ')}${more}`
}

/** Debian packages, whose versions are not known: `git (Debian, new)`. */
function changedNames(before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...after.filter((name) => !before.includes(name)).map((name) => `${name} (Debian, new)`),
    ...before.filter((name) => !after.includes(name)).map((name) => `${name} (Debian, gone)`),
  ]
}
