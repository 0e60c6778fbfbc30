import {setImmediate as nextTurn} from 'node:timers/promises'

/** Those who ask at the same moment share one answer. It is read after all of them asked, so that it is never older than a question. */
export function askOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let next: Promise<T> | undefined
  const askNext = async () => {
    await nextTurn()
    next = undefined
    return ask()
  }
  return () => (next ??= askNext())
}

/** As `askOnce`, for each thing that is asked about. */
export function askOnceEach<About extends string, T>(ask: (about: About) => Promise<T>): (about: About) => Promise<T> {
  const asking = new Map<About, () => Promise<T>>()
  return (about) => {
    const each = asking.get(about) ?? askOnce(() => ask(about))
    asking.set(about, each)
    return each()
  }
}
