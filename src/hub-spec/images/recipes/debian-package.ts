/** As Debian's policy has names (§5.6.1). apt-get would remove what ends in "-", and takes some other signs for a pattern. */
const namePattern = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$/

/** Why a text cannot be the name of a Debian package; `undefined` when it can be one. */
export function debianPackageProblem(text: string): string | undefined {
  if (namePattern.test(text)) return undefined
  const [, bare = ''] = /^\s*([a-z0-9][a-z0-9+.-]*[a-z0-9+.])\s*(?:[=:/].*)?$/i.exec(text) ?? []
  const meant = bare.toLowerCase()
  const hint = namePattern.test(meant) ? `write ${meant}` : 'write a name, for example r-cran-irkernel'
  return `"${text}" cannot be the name of a Debian package; ${hint}`
}
