/** The way out and whom to trust; where packages come from is not for programs that install none. */
export function withoutIndexes(network: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(network).filter(([name]) => !/^(?:UV|PIP)_/.test(name)))
}
