import type {Bound, Comparison} from './measure.js'

/** `held` or `NOT HELD`, and nothing for what is held to nothing. */
export function verdict({ours, theirs, hold}: Comparison): string {
  if (hold === undefined) return ''
  return ours <= allowed(hold, theirs) ? 'held' : 'NOT HELD'
}

function allowed(hold: Bound, theirs: number): number {
  if ('ms' in hold) return hold.ms
  return 'times' in hold ? hold.times * theirs : theirs + hold.moreMs
}

export function renderComparison(comparison: Comparison): string {
  const {what, otherwise, hold} = comparison
  const bound = hold === undefined ? 'told only' : `to hold: ${renderBound(hold)}`
  return `${what}: ${ratio(comparison)} × ${otherwise}   (${amounts(comparison)}; ${bound}) ${verdict(comparison)}`.trimEnd()
}

/** The comparisons of one run as a table of Markdown. */
export function renderTable(comparisons: readonly Comparison[]): string {
  const rows = comparisons.map((each) => {
    const {what, otherwise, hold} = each
    const bound = hold === undefined ? '' : renderBound(hold)
    return `| ${what} | ${ratio(each)} × ${otherwise} | ${amounts(each)} | ${bound} | ${verdict(each)} |`
  })
  return ['| what | ratio | measured | to hold | |', '|---|---|---|---|---|', ...rows].join('\n')
}

/** How many bounds held, and which benches measured nothing. */
export function renderCount(
  comparisons: readonly Comparison[],
  {skipped, failed}: {readonly skipped: readonly string[]; readonly failed: readonly string[]},
): string {
  const count = (wanted: string) => String(comparisons.filter((each) => verdict(each) === wanted).length)
  const named = (what: string, names: readonly string[]) => (names.length === 0 ? '' : `; ${what}: ${names.join(', ')}`)
  const counts = `${count('held')} held, ${count('NOT HELD')} not held, ${String(skipped.length)} skipped`
  return `${counts}${named('skipped', skipped)}${named('failed', failed)}`
}

function ratio({ours, theirs}: Comparison): string {
  return (ours / theirs).toFixed(2)
}

function renderBound(hold: Bound): string {
  if ('ms' in hold) return `≤ ${duration(hold.ms)}`
  return 'times' in hold ? `≤ ${String(hold.times)} ×` : `≤ it + ${duration(hold.moreMs)}`
}

function amounts({ours, theirs, unit}: Comparison): string {
  const amount = unit === 'bytes' ? (bytes: number) => `${(bytes / 1024 ** 2).toFixed(0)} MB` : duration
  return `${amount(ours)} against ${amount(theirs)}`
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`
}
