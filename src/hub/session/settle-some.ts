import pMap from 'p-map'

/** As `Promise.allSettled`, with at most `most` under way. */
export async function settleSome<Item, Result>(
  items: readonly Item[],
  most: number,
  action: (item: Item) => Promise<Result>,
  onSettled: (done: number, all: number) => void = () => undefined,
): Promise<readonly PromiseSettledResult<Result>[]> {
  let done = 0
  const settle = async (item: Item) => {
    const [result] = await Promise.allSettled([action(item)])
    onSettled(++done, items.length)
    return result
  }
  return pMap(items, settle, {concurrency: most})
}

/** Whether one more quarter of all is done, and not all: without a terminal, each line of progress stays. */
export function isQuarterDone(done: number, all: number): boolean {
  const quarters = (count: number) => Math.floor((4 * count) / all)
  return done < all && quarters(done) > quarters(done - 1)
}
