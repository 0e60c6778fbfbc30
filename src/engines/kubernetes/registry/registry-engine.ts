import type {Docker} from '../../../host/docker/docker.js'

/** The Docker engine, as far as it speaks with registries. */
export type RegistryEngine = Pick<
  Docker,
  'findInRegistry' | 'checkLogin' | 'refusalOfPush' | 'pushImage' | 'registryLogin'
>
