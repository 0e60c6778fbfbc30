/** Bytes of one request, and files that it may be about. */
const mostBytes = 4 * 1024 * 1024
const mostParts = 100

export interface Part<T> {
  readonly of: T
  readonly offset: number
  readonly length: number
  readonly isLast: boolean
}

/** Files in parts, from the byte on that each names, and as many parts together as one request takes; each file's in order. */
export function* requestsFor<T extends {readonly size: number; readonly from?: number}>(
  files: readonly T[],
): Generator<readonly Part<T>[]> {
  let [request, room]: [Part<T>[], number] = [[], mostBytes]
  for (const of of files) {
    let offset = of.from ?? 0
    do {
      if (room === 0 || request.length === mostParts) {
        yield request
        ;[request, room] = [[], mostBytes]
      }
      const length = Math.min(of.size - offset, room)
      request.push({of, offset, length, isLast: offset + length === of.size})
      offset += length
      room -= length
    } while (offset < of.size)
  }
  if (request.length > 0) yield request
}
