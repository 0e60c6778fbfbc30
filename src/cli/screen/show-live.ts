/** Lines below what is drawn: an empty one and the one that says how it ends. */
const linesBelow = 2

/** Draws each sample, as `render` gives it for so many lines, over the one before until they end; where nothing is drawn, or `once`, gives the first. */
export async function showLive<T>(
  samples: AsyncIterable<T>,
  render: (sample: T, mostLines?: number) => string,
  options: {readonly once: boolean; readonly print: (text: string) => Promise<void>},
): Promise<T | undefined> {
  const isDrawn = process.stdout.isTTY && !options.once
  const draw = isDrawn ? (await import('log-update')).default : undefined
  let last: T | undefined
  for await (const sample of samples) {
    last = sample
    if (draw === undefined) {
      await options.print(render(sample))
      break
    }
    draw(`${render(sample, process.stdout.rows - linesBelow - 1)}\n\nCtrl-C ends it.`)
  }
  draw?.done()
  return last
}
