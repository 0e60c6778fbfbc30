import {definedOnly} from '../../defined-only.js'
import {condaVersions, renderCondaLock, splitCondaLock, type CondaLock} from './conda/conda-lock.js'
import {normalName} from './recipes/requirement.js'

/** The packages that were chosen for an image, with their hashes. */
export interface ImageLock {
  /** Of what it was chosen for. */
  readonly recipe: string
  /** The Python for which it was chosen, and newer ones: `3.12`; absent where nothing was chosen beside the base. */
  readonly python?: string
  /** The container image on which they are installed; absent where they are an environment of their own. */
  readonly base?: string
  /** Debian packages that are installed on the base; their versions are not locked. */
  readonly apt?: readonly string[]
  /** A hash-locked requirements file; empty where the base is all there is. */
  readonly packages: string
  /** Of an environment.yml: what stands beside the packages, as kernels. */
  readonly conda?: CondaLock
}

const heading = '# Chosen by jhub for this image; do not edit. `jhub image update` chooses again.'

/** The text of a lock file. */
export function renderImageLock({recipe, python, base, apt, packages, conda}: ImageLock): string {
  const on = base === undefined ? '' : `# base: ${base}\n`
  const version = python === undefined ? '' : `# python: ${python}\n`
  const debian = apt === undefined ? '' : `# apt: ${apt.join(' ')}\n`
  return `${heading}\n# recipe: ${recipe}\n${version}${on}${debian}${packages.trim()}`
    .trimEnd()
    .concat('\n', renderCondaLock(conda))
}

/** `undefined` for a text that is no lock file: it is then chosen anew. */
export function parseImageLock(text: string | undefined): ImageLock | undefined {
  const {before, conda} = splitCondaLock(text?.replaceAll('\r\n', '\n') ?? '')
  const found =
    /^# [^\n]*\n# recipe: ([0-9a-f]{12})\n(?:# python: (\d+\.\d+)\n)?(?:# base: (\S+)\n)?(?:# apt: ([^\n]+)\n)?([A-Za-z0-9][\s\S]*)?$/.exec(
      before,
    ) ?? []
  const [, recipe, python, base, apt, packages = ''] = found
  if (recipe === undefined || (python === undefined && packages !== '') || (base === undefined && packages === ''))
    return undefined
  return {
    recipe,
    ...definedOnly({python, base, apt: apt?.split(' ')}),
    packages: `${packages.trim()}\n`,
    ...definedOnly({conda}),
  }
}

/** What people have of a lock, with versions: of conda packages their own and what pip adds, else all packages. */
export function lockContents({packages, conda}: Pick<ImageLock, 'packages' | 'conda'>): ReadonlyMap<string, string> {
  return conda === undefined
    ? lockedPackages(packages)
    : new Map([...lockedPackages(conda.pip), ...condaVersions(conda)])
}

/** Two locks from which the same is installed, whatever recipes they were chosen for. */
export function isSameBuild(one: ImageLock, other: ImageLock): boolean {
  return (
    (['packages', 'base', 'python'] as const).every((key) => one[key] === other[key]) &&
    one.apt?.join(' ') === other.apt?.join(' ') &&
    renderCondaLock(one.conda) === renderCondaLock(other.conda)
  )
}

/** Packages and versions of a lock; more than one version where it depends on the machine. */
export function lockedPackages(packages: string): ReadonlyMap<string, string> {
  const versions = new Map<string, readonly string[]>()
  for (const [, name = '', version = ''] of packages.matchAll(/^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)/gm)) {
    const normal = normalName(name)
    const known = versions.get(normal) ?? []
    if (!known.includes(version)) versions.set(normal, [...known, version])
  }
  return new Map([...versions].map(([name, known]) => [name, known.join(' or ')]))
}

/** The lock with the hashes that `known` has for the same version: what the index says of it then does not count. */
export function withKnownHashes(packages: string, known: string): string {
  const hashes = new Map(lockEntries(known).map(({pin, lines}) => [pin, lines]))
  return lockEntries(packages)
    .map(({pin, head, lines}) => [head, ...(hashes.get(pin) ?? lines)].join(' \\\n'))
    .join('\n')
    .concat('\n')
}

interface LockEntry {
  /** `pandas==2.3.1`. */
  readonly pin: string
  /** The pin, and for which machines it counts. */
  readonly head: string
  /** `    --hash=sha256:…`, sorted as they stand. */
  readonly lines: readonly string[]
}

function lockEntries(text: string): readonly LockEntry[] {
  const lines = text.split('\n').map((line) => line.replace(/\s*\\$/, ''))
  const entries: {pin: string; head: string; lines: string[]}[] = []
  for (const line of lines) {
    const [, name, version] = /^([A-Za-z0-9][\w.-]*)==([^\s;]+)/.exec(line) ?? []
    if (name !== undefined && version !== undefined)
      entries.push({pin: `${normalName(name)}==${version}`, head: line, lines: []})
    else if (line.startsWith('    --hash=')) entries.at(-1)?.lines.push(line)
  }
  return entries
}

export interface PackageChange {
  readonly package: string
  readonly from?: string
  readonly to?: string
}

/** What differs between two locks, sorted by name. */
export function diffPackages(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly PackageChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].toSorted().flatMap((name): PackageChange[] => {
    const [from, to] = [before.get(name), after.get(name)]
    if (from === to) return []
    return [{package: name, ...definedOnly({from, to})}]
  })
}

/** `pandas 2.2.3 → 2.3.1`, `scipy 1.15.0 (new)`, `six 1.17.0 (gone)`. */
export function describePackageChange({package: name, from, to}: PackageChange): string {
  if (from === undefined) return `${name} ${to ?? ''} (new)`
  return to === undefined ? `${name} ${from} (gone)` : `${name} ${from} → ${to}`
}
