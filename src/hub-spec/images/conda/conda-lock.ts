/** What was chosen for the kernels of a conda environment, which stand beside the standard server. */
export interface CondaLock {
  /** Addresses of conda packages, each with its digest: `https://…/numpy-2.3.1-py313h_0.conda#sha256:…`. */
  readonly packages: readonly string[]
  /** A hash-locked requirements file of what pip adds; empty where it adds nothing. */
  readonly pip: string
  /** Set for its kernels. */
  readonly variables: Readonly<Record<string, string>>
}

const begin = '# conda packages of its kernels:\n'
const middle = '# beside them, by pip:\n'
const variablesBegin = '# variables of its kernels: '

/** How a lock file ends that has conda packages; nothing without them. */
export function renderCondaLock(lock: CondaLock | undefined): string {
  if (lock === undefined) return ''
  const variables =
    Object.keys(lock.variables).length === 0 ? '' : `${variablesBegin}${JSON.stringify(lock.variables)}\n`
  const pip = lock.pip.trim() === '' ? '' : `${middle}${lock.pip.trim()}\n`
  return `${begin}${variables}${lock.packages.join('\n')}\n${pip}`
}

/** A lock file in two: what comes before its conda packages, and these. */
export function splitCondaLock(text: string): {readonly before: string; readonly conda?: CondaLock} {
  const at = text.indexOf(`\n${begin}`)
  if (at === -1) return {before: text}
  const [head = '', pip = ''] = text.slice(at + 1 + begin.length).split(middle)
  const lines = head.split('\n').filter(Boolean)
  const packages = lines.filter((line) => packagePattern.test(line))
  const variables = lines.find((line) => line.startsWith(variablesBegin))?.slice(variablesBegin.length)
  return {
    before: text.slice(0, at + 1),
    conda: {packages, pip: pip.trim() === '' ? '' : `${pip.trim()}\n`, variables: parseVariables(variables)},
  }
}

function parseVariables(text: string | undefined): Readonly<Record<string, string>> {
  try {
    return JSON.parse(text ?? '{}') as Record<string, string>
  } catch {
    return {}
  }
}

const packagePattern = /^\S*\/([^/\s]+)-([^-/\s]+)-[^-/\s]+\.(?:conda|tar\.bz2)#sha256:[0-9a-f]{64}$/

/** Names of conda packages, with their versions. */
export function condaVersions({packages}: Pick<CondaLock, 'packages'>): ReadonlyMap<string, string> {
  return new Map(
    packages.flatMap((line) => {
      const [, name, version] = packagePattern.exec(line) ?? []
      return name === undefined || version === undefined ? [] : [[name, version] as const]
    }),
  )
}
