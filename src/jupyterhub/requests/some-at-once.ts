import pMap from 'p-map'

/** A hub that is asked for hundreds of things in one moment turns requests away. */
const most = 10

/** Asks the hub for each of them, a few at a time. Throws what the first failure throws. */
export async function someAtOnce<Item>(items: readonly Item[], ask: (item: Item) => Promise<unknown>): Promise<void> {
  await pMap(items, ask, {concurrency: most})
}
