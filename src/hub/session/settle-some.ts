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
