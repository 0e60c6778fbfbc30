/**
 * A lock file with the packages of another: what both have stays as in the first. The problem, in words, of a second that names a
 * package without its version or hashes, or says anything else.
 */
export function addRequirements(first: string, second: string): {readonly text: string} | {readonly problem: string} {
  const known = new Set(requirementsOf(first).map(nameOf))
  const entries = requirementsOf(second)
  const open = entries.find(
    (entry) => !/^[A-Za-z\d][\w.-]*(?:\[[\w,.-]+\])?==\S+(?: ;.*?)?(?: --hash=sha256:[\da-f]{64})+$/.test(entry),
  )
  if (open !== undefined) return {problem: `"${open.slice(0, 80)}" is not a package with its version and hashes`}
  const added = entries.filter((entry) => !known.has(nameOf(entry)))
  return {text: [first.trimEnd(), ...added, ''].join('\n')}
}

/** Each on one line, without comments. */
function requirementsOf(text: string): readonly string[] {
  return text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(?:^|\s)#.*$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
}

function nameOf(requirement: string): string {
  return requirement
    .replace(/[=[ ;<>!~].*$/, '')
    .toLowerCase()
    .replace(/[-_.]+/g, '-')
}
