import {JhubError} from '../../errors.js'

const memoryUnits = {k: 1, m: 2, g: 3, t: 4} as const

/**
 * Bytes of `512M`, `2G`, `2Gi`, `1.5G` or a plain number. `K M G T` count in 1024s, as in JupyterHub's own settings, and
 * so do `Ki Mi Gi Ti`. Throws `JHUB-E102`.
 */
export function parseMemory(text: string | number): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kmgt])i?b?|b)?$/i.exec(String(text).trim())
  const unit = match?.[2]?.toLowerCase() as keyof typeof memoryUnits | undefined
  const bytes = Math.round(Number(match?.[1]) * 1024 ** (unit === undefined ? 0 : memoryUnits[unit]))
  if (!Number.isSafeInteger(bytes) || bytes <= 0) throw unreadable(text, 'an amount of memory', '512M, 2G, 1.5G')
  return bytes
}

/** The shortest text that `parseMemory` reads as the same number of bytes. */
export function formatMemory(bytes: number): string {
  for (const [unit, power] of [
    ['T', 4],
    ['G', 3],
    ['M', 2],
    ['K', 1],
  ] as const) {
    const value = bytes / 1024 ** power
    const text = `${String(Number(value.toFixed(3)))}${unit}`
    if (value >= 1 && Math.round(Number(value.toFixed(3)) * 1024 ** power) === bytes) return text
  }
  return String(bytes)
}

/** Cores of `0.5`, `2` or `500m` (thousandths). Throws `JHUB-E102`. */
export function parseCpu(text: string | number): number {
  const match = /^(\d+\.?\d*|\.\d+)(m?)$/.exec(String(text).trim())
  const cores = Number(match?.[1]) / (match?.[2] === 'm' ? 1000 : 1)
  if (!(cores >= 0.001 && cores <= 10_000)) throw unreadable(text, 'a number of cores', '0.5, 2, 500m')
  return Math.round(cores * 1000) / 1000
}

export function formatCpu(cores: number): string {
  return String(Math.round(cores * 1000) / 1000)
}

const durationUnits = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000} as const

/** Milliseconds of `90s`, `10m`, `1h30m`, `2d`. A bare number is refused: it does not say its unit. Throws `JHUB-E102`. */
export function parseDuration(text: string | number): number {
  const words = String(text).trim()
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)]
  const total = parts.reduce(
    (sum, [, value, unit]) => sum + Number(value) * durationUnits[unit as keyof typeof durationUnits],
    0,
  )
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === words
  if (!isWhole || !Number.isSafeInteger(Math.round(total)) || Math.round(total) <= 0)
    throw unreadable(text, 'a duration', '90s, 10m, 1h30m')
  return Math.round(total)
}

/** `1h30m`; reads back as the same number of milliseconds. */
export function formatDuration(durationMs: number): string {
  let rest = durationMs
  const parts = (['d', 'h', 'm', 's', 'ms'] as const).map((unit) => {
    const count = Math.floor(rest / durationUnits[unit])
    rest -= count * durationUnits[unit]
    return count === 0 ? '' : `${String(count)}${unit}`
  })
  return parts.join('') || '0s'
}

function unreadable(text: string | number, what: string, examples: string): JhubError {
  return new JhubError('JHUB-E102', `"${String(text)}" is not ${what}`, {fix: `Write it as one of these: ${examples}`})
}
