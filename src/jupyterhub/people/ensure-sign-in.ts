import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {Change, Step} from '../../steps/step.js'
import {requireApi} from './ensure-users.js'
import type {HubApi} from '../hub-api.js'
import type {SignInPerson} from '../hub-model.js'
import {listNames} from '../list-names.js'

export interface SignInOptions {
  /** `undefined`: the hub is not there yet. */
  readonly connect: () => Promise<HubApi | undefined>
  readonly spec: Pick<HubSpec, 'users'>
}

/** Tells a hub on which people have no passwords of their own whom the spec names: they may sign in, at once. */
export function ensureSignIn({connect, spec}: SignInOptions): Step {
  const wanted = new Map<string, SignInPerson>(
    [...spec.users].map(([name, {admin, groups}]) => [name, {admin, groups}]),
  )
  return {
    title: 'Set who may sign in',
    async check() {
      return describe(await peopleOf(await connect()), wanted)
    },
    async apply() {
      const api = await requireApi(connect)
      await api.setSignIn(wanted)
      const left = describe(await peopleOf(api), wanted)
      if (left !== undefined)
        throw new JhubError(
          'JHUB-E210',
          `The hub did not accept the rules for who may sign in; still to do: ${left.summary}`,
        )
    },
  }
}

async function peopleOf(api: HubApi | undefined): Promise<ReadonlyMap<string, SignInPerson>> {
  return (await api?.signIn())?.people ?? new Map<string, SignInPerson>()
}

function describe(
  there: ReadonlyMap<string, SignInPerson>,
  wanted: ReadonlyMap<string, SignInPerson>,
): Change | undefined {
  const gain = [...wanted.keys()].filter((name) => !there.has(name))
  const lose = [...there.keys()].filter((name) => !wanted.has(name))
  const other = [...wanted].flatMap(([name, person]) => {
    const before = there.get(name)
    return before === undefined || isSame(before, person) ? [] : [name]
  })
  const parts = [
    ...(gain.length === 0 ? [] : [`let ${listNames(gain)} sign in`]),
    ...(lose.length === 0 ? [] : [`no longer let ${listNames(lose)} sign in by name`]),
    ...(other.length === 0 ? [] : [`tell the sign-in what changed of ${listNames(other)}`]),
  ]
  return parts.length === 0 ? undefined : {summary: parts.join('; '), disturbs: 'live'}
}

function isSame(one: SignInPerson, other: SignInPerson): boolean {
  const text = ({admin, groups}: SignInPerson) => JSON.stringify([admin, [...groups].sort()])
  return text(one) === text(other)
}
