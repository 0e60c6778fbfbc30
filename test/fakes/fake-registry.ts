import {createHash} from 'node:crypto'
import {JhubError} from '../../src/errors.js'
import type {RegistryEngine} from '../../src/engines/kubernetes/registry/registry-engine.js'
import type {RegistryLogin} from '../../src/host/docker/docker-login.js'

export interface FakeRegistry extends RegistryEngine {
  /** What was pushed and is there: references by digest. */
  readonly held: Set<string>
  /** Who may in, `name:password`; `undefined`: everybody. */
  only: string | undefined
  /** Why it takes no images, also from who may in. */
  closed: string | undefined
  /** Why it cannot be asked. */
  trouble: JhubError | undefined
  /** The account of `docker login`. */
  ofDocker: RegistryLogin | undefined
}

/** A registry that keeps what is pushed to it, and asks for an account where it is told to. */
export function fakeRegistry(beforeChange: (what: string) => void): FakeRegistry {
  const requireAccount = (login: RegistryLogin | undefined) => {
    if (fake.trouble !== undefined) throw fake.trouble
    const given = login ?? fake.ofDocker
    if (fake.only === undefined || `${given?.username ?? ''}:${given?.password ?? ''}` === fake.only) return
    throw new JhubError('JHUB-E236', 'The registry refuses', {
      fix: 'jhub image login registry.example',
      details: {reason: 'account'},
    })
  }
  const fake: FakeRegistry = {
    held: new Set(),
    only: undefined,
    closed: undefined,
    trouble: undefined,
    ofDocker: undefined,
    async findInRegistry(reference, login) {
      requireAccount(login)
      return fake.held.has(reference) ? {digest: reference.split('@')[1] ?? '', platforms: []} : undefined
    },
    registryLogin: async () => fake.ofDocker,
    async checkLogin(_host, login) {
      requireAccount(login)
    },
    refusalOfPush: async () => fake.closed,
    async pushImage({image, repository, tag, login}) {
      requireAccount(login)
      beforeChange(`push ${tag}`)
      const digest = `sha256:${createHash('sha256').update(image).digest('hex')}`
      fake.held.add(`${repository}@${digest}`)
      return digest
    },
  }
  return fake
}
