/** Images on which a Dockerfile builds, as far as they stand in it: none that an argument names, and no stages of its own. */
export function dockerfileBases(dockerfile: string): readonly string[] {
  const stages = new Set<string>(['scratch'])
  const found: string[] = []
  for (const [, base = '', stage] of dockerfile.matchAll(/^\s*FROM(?:\s+--\S+)*\s+(\S+)(?:\s+AS\s+(\S+))?\s*$/gim)) {
    if (!stages.has(base.toLowerCase()) && !base.includes('$') && !found.includes(base)) found.push(base)
    if (stage !== undefined) stages.add(stage.toLowerCase())
  }
  return found
}
