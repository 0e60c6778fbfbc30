import {definedOnly} from '../../../defined-only.js'
import {askOnce} from '../../../steps/ask-once.js'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {ensureGroups} from '../../../jupyterhub/people/ensure-groups.js'
import {ensureLimits} from '../../../jupyterhub/people/ensure-limits.js'
import {ensureSignIn} from '../../../jupyterhub/people/ensure-sign-in.js'
import {ensureUsers, type MadePasswords} from '../../../jupyterhub/people/ensure-users.js'
import type {Change, Step} from '../../../steps/step.js'
import type {OpenHub} from '../open-hub.js'

export interface PeopleSteps {
  readonly steps: readonly Step[]
  /** Passwords that were made for people who had none; filled while the steps are applied. */
  readonly issued: ReadonlyMap<string, string>
}

export interface PeopleStepOptions {
  /** Passwords that the person gave, by user. */
  readonly passwords?: ReadonlyMap<string, string> | undefined
  /** People to remove besides those who were taken out of the spec. */
  readonly remove?: readonly string[] | undefined
  readonly made?: MadePasswords
}

/** People, groups and limits: what the hub's own API changes without a restart, in any engine. */
export function peopleSteps(
  {spec, connect, engine}: Pick<OpenHub, 'spec' | 'connect' | 'engine'>,
  applied: HubSpec | undefined,
  {passwords = new Map<string, string>(), remove = [], made}: PeopleStepOptions = {},
): PeopleSteps {
  const issued = new Map<string, string>()
  /** A hub that is still starting cannot be asked who is on it. */
  const reach = askOnce(async () => {
    const api = await connect()
    return (await api?.isReady()) === true ? api : undefined
  })
  const {images} = engine
  const built =
    images === undefined
      ? undefined
      : async () => ({
          references: await images.built(spec),
          contents: (await images.contents?.(spec)) ?? new Map<string, readonly string[]>(),
        })
  const havePasswords = spec.auth.method === 'password'
  const adminSudo = spec.mode === 'vm' && spec.vm.adminSudo
  const keeping = made === undefined ? {} : {made}
  const make = (way: OpenHub['connect']) => [
    ensureUsers({connect: way, spec, applied, remove, passwords, issued, havePasswords, adminSudo, ...keeping}),
    ...(havePasswords ? [] : [ensureSignIn({connect: way, spec})]),
    ensureGroups({connect: way, spec, applied, hasProvider: spec.auth.provider !== undefined}),
    ensureLimits({connect: way, spec, applied, ...definedOnly({built})}),
  ]
  const looking = make(reach)
  return {
    issued,
    steps: make(connect).map((step, index) => ({...step, check: () => lookAt(looking[index] ?? step)})),
  }
}

/** What the hub does not answer is told as that, so that a plan also has what is wrong elsewhere: with its database, perhaps. */
async function lookAt(step: Step): Promise<Change | undefined> {
  try {
    return await step.check()
  } catch (error) {
    if (!isWithoutAnswer(error)) throw error
    return {summary: `ask the hub again: ${error.message}`, disturbs: 'live'}
  }
}

/** A hub that refuses, fails or goes away while it is asked. */
export function isWithoutAnswer(error: unknown): error is JhubError {
  return error instanceof JhubError && ['JHUB-E204', 'JHUB-E210', 'JHUB-E501'].includes(error.code)
}
