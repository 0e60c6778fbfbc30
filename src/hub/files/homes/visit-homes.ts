import {JhubError, messageOf} from '../../../errors.js'
import type {Home, HomesKeeper} from '../../../engines/engine.js'
import type {HubContext} from '../../session/hub-context.js'
import type {OpenHub} from '../../session/open-hub.js'
import {settleSome} from '../../session/settle-some.js'
import {everybody, type PersonWithHome} from './people-with-homes.js'
import {visitProgress} from './visit-progress.js'

/** How many homes are worked in at the same time. */
const homesAtOnce = 5
/** The place of homes cannot be reached, which is the same for everybody. */
const unreachable = ['JHUB-E204', 'JHUB-E211', 'JHUB-E212', 'JHUB-E213']

export interface HomesToVisit<Result> {
  readonly hub: OpenHub
  readonly homes: HomesKeeper
  readonly people: readonly PersonWithHome[]
  /** Where there is no home yet: make it. */
  readonly make: boolean
  readonly work: (home: Home, person: PersonWithHome) => Promise<Result>
  /** What a person gets whose home could not be worked in. */
  readonly failed: (person: PersonWithHome, problem: string) => Result
  /** Errors that end the command, besides that the place of homes cannot be reached. */
  readonly final?: readonly string[]
}

/** What was done until something ended it, which is an error or Ctrl-C. */
export interface Visits<Result> {
  readonly results: readonly Result[]
  readonly endedBy?: Error
}

/**
 * Works in the homes of people, some at a time. What goes wrong in one is told with that person, and the others are visited all
 * the same. Throws `JHUB-E204`, `JHUB-E211`, `JHUB-E212` or `JHUB-E213` when the place of homes cannot be reached, and the
 * errors of `final`.
 */
export async function visitHomes<Result>(
  context: Pick<HubContext, 'host' | 'signal' | 'onEvent'>,
  visits: HomesToVisit<Result>,
): Promise<readonly Result[]> {
  const left = (person: PersonWithHome) => visits.failed(person, 'not done')
  const {results, endedBy} = await visitUntilEnded(context, {...visits, left})
  if (endedBy !== undefined) throw endedBy
  return results
}

/** The same, for who tells what was done before it ended. `left` is what a person gets who was not visited to the end. */
export async function visitUntilEnded<Result>(
  context: Pick<HubContext, 'host' | 'signal' | 'onEvent'>,
  visits: HomesToVisit<Result> & {readonly left: (person: PersonWithHome) => Result},
): Promise<Visits<Result>> {
  const {hub, homes, people, make, work, failed, left, final = []} = visits
  const {signal} = context
  const progress = visitProgress(context, people.length)
  const visited = {people: everybody(hub), make, signal}
  const end: {by?: Error} = {}
  const hasEnded = () => end.by !== undefined || signal.aborted
  const visit = async (person: PersonWithHome): Promise<Result> => {
    if (hasEnded()) return left(person)
    try {
      return await homes.visit({...visited, user: person.login}, (home) => work(progress.count(home), person))
    } catch (error) {
      if (hasEnded()) return left(person)
      if (!(error instanceof JhubError && [...unreachable, ...final].includes(error.code)))
        return failed(person, messageOf(error))
      end.by ??= error
      return left(person)
    }
  }
  const settled = await settleSome(people, homesAtOnce, visit, () => {
    progress.personDone()
  })
  const results = settled.map((each) => {
    if (each.status === 'rejected') throw each.reason
    return each.value
  })
  const endedBy = signal.aborted ? (signal.reason as Error) : end.by
  return endedBy === undefined ? {results} : {results, endedBy}
}
