import type {Docker} from '../../../host/docker/docker.js'
import type {RegistryLogin} from '../../../host/docker/docker-login.js'
import {registryHost} from '../../../host/docker/registry-host.js'
import type {PullAsHub} from './docker-images.js'

/** How a hub's accounts of `image login` are of use to this computer's Docker, where `docker login` gave it none. */
export interface HubAccount {
  loginFor(reference: string): Promise<RegistryLogin | undefined>
  readonly pull: PullAsHub
}

export function hubAccount(
  engine: Pick<Docker, 'registryLogin' | 'pullImage'>,
  given: (reference: string) => Promise<RegistryLogin | undefined>,
): HubAccount {
  const loginFor = async (reference: string) =>
    (await engine.registryLogin(registryHost(reference))) === undefined ? given(reference) : undefined
  return {
    loginFor,
    async pull(reference, signal) {
      const login = await loginFor(reference)
      if (login !== undefined) await engine.pullImage(reference, login, {signal})
      return login !== undefined
    },
  }
}
