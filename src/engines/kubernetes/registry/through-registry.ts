import {JhubError} from '../../../errors.js'
import {registryHost} from '../../../host/docker/registry-host.js'
import type {Build, ImageDelivery} from '../images/image-delivery.js'
import {pushBuilds, type PushPlace} from '../steps/images/push-builds.js'
import {askRegistry} from './registry-findings.js'

export interface RegistryPlace extends PushPlace {
  /** What nodes say that they have, by each of its names. */
  inNodes(): Promise<readonly string[]>
}

/** Through a registry, from which the nodes of a cluster of others download by digest. */
export function throughRegistry(place: RegistryPlace): ImageDelivery {
  const {pushed, repository} = place
  const there: ImageDelivery['there'] = async (builds) => {
    const known = builds.length === 0 ? new Map<string, string>() : await pushed.read()
    return new Map(
      builds.flatMap((build) => {
        const reference = known.get(build.reference)
        return reference !== undefined && isPlaceOf(build, reference, repository) ? [[build.reference, reference]] : []
      }),
    )
  }
  const missing: ImageDelivery['missing'] = async (builds) => {
    const known = await there(builds)
    const lost = await Promise.all(builds.map(({reference}) => isLost(place, known.get(reference))))
    return builds.filter(({reference}, index) => !known.has(reference) || lost[index] === true)
  }
  return {
    there,
    missing,
    async lost(references) {
      const inNodes = references.length === 0 ? [] : await place.inNodes()
      const asked = references.filter((each) => !inNodes.includes(each))
      const gone = await Promise.all(asked.map((each) => isLost(place, each)))
      return new Map(
        asked.filter((_, index) => gone[index] === true).map((each) => [each, `the registry ${registryHost(each)}`]),
      )
    },
    async requireTaken() {
      if (repository !== undefined) await askRegistry(place, repository, true)
    },
    deliver: (wanted) => pushBuilds(place, async () => missing(await wanted())),
    async forget(references) {
      const known = await pushed.read()
      const left = new Map([...known].filter(([reference]) => !references.includes(reference)))
      if (left.size !== known.size) await pushed.write(left)
    },
  }
}

/** The registry says that it has it no more; one that cannot be asked says nothing. */
async function isLost({engine, accounts}: PushPlace, reference: string | undefined): Promise<boolean> {
  if (reference === undefined) return false
  try {
    return (await engine.findInRegistry(reference, await accounts.loginFor(reference))) === undefined
  } catch (error) {
    if (error instanceof JhubError) return false
    throw error
  }
}

/** It is where it would be taken now: not in a registry that the spec named before. */
function isPlaceOf({source}: Build, reference: string, repository: string | undefined): boolean {
  return source === undefined ? reference.startsWith(`${repository ?? ''}@`) : reference === source
}
