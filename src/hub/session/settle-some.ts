/** As `Promise.allSettled`, with at most `most` under way. */
export async function settleSome<Item, Result>(
  items: readonly Item[],
  most: number,
  action: (item: Item) => Promise<Result>,
  onSettled: (done: number, all: number) => void = () => undefined,
): Promise<readonly PromiseSettledResult<Result>[]> {
  const results: PromiseSettledResult<Result>[] = []
  let [next, done] = [0, 0]
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const [result] = await Promise.allSettled(items.slice(index, index + 1).map(action))
      if (result !== undefined) results[index] = result
      onSettled(++done, items.length)
    }
  }
  await Promise.all(Array.from({length: most}, work))
  return results
}
