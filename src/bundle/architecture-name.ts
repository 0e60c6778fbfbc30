/** The name that Python has for what Node and Docker call `x64` and `arm64`. */
export function architectureName(name: string): string {
  return {x64: 'x86_64', amd64: 'x86_64', arm64: 'aarch64'}[name] ?? name
}
