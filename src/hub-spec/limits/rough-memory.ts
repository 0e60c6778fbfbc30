/** `1 idle server`, `30 idle servers`. */
export function countIdle(servers: number): string {
  return servers === 1 ? '1 idle server' : `${String(servers)} idle servers`
}

/** `23.5G`, `1.2T`, `512M`, `3K`: at most one decimal, for a person's eye. */
export function formatRoughMemory(bytes: number): string {
  if (bytes > 0 && bytes < 1024 ** 2) return `${String(Math.ceil(bytes / 1024))}K`
  if (bytes < 1024 ** 3) return `${String(Math.round(bytes / 1024 ** 2))}M`
  const [unit, size] = bytes < 1024 ** 4 ? (['G', 1024 ** 3] as const) : (['T', 1024 ** 4] as const)
  return `${(bytes / size).toFixed(1)}${unit}`
}
