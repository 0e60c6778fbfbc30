import type {Home} from '../../../engines/engine.js'
import {formatRoughMemory} from '../../../hub-spec/limits/rough-memory.js'
import type {HubContext} from '../../session/hub-context.js'

/** So often it is said how far a visit of homes is: each line of it stays. */
const everyMs = 10_000

export interface VisitProgress {
  /** The same home; what is read and written through it counts. */
  count(home: Home): Home
  /** One person more is done. */
  personDone(): void
}

/** Says how many people, files and bytes are done, while files go from and to homes. */
export function visitProgress({host, onEvent}: Pick<HubContext, 'host' | 'onEvent'>, all: number): VisitProgress {
  let [people, files, bytes, toldAt] = [0, 0, 0, host.clock.elapsed()]
  const tell = () => {
    if (people === all || host.clock.elapsed() - toldAt < everyMs) return
    toldAt = host.clock.elapsed()
    const moved =
      files === 0 ? '' : `; ${String(files)} ${files === 1 ? 'file' : 'files'}, ${formatRoughMemory(bytes)} so far`
    onEvent({type: 'note', text: `${String(people)} of ${String(all)} people done${moved}`})
  }
  const add = (parts: readonly {readonly offset: number}[], moved: number) => {
    files += parts.filter(({offset}) => offset === 0).length
    bytes += moved
    tell()
  }
  return {
    count: (home) => ({
      ...home,
      async read(parts) {
        const answers = await home.read(parts)
        add(parts, sum(answers.map((each) => each?.length ?? 0)))
        return answers
      },
      async write(parts) {
        const answers = await home.write(parts)
        add(parts, sum(parts.map(({data}) => data.length)))
        return answers
      },
    }),
    personDone() {
      people++
      tell()
    },
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
