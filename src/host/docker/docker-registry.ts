import type Dockerode from 'dockerode'
import {JhubError, messageOf} from '../../errors.js'
import {statusOf, translate} from './docker-answers.js'
import {dockerLogin} from './docker-login.js'
import type {RegistryImage} from './docker.js'

interface Distribution {
  readonly Descriptor: {readonly digest: string}
  readonly Platforms?: readonly {readonly os?: string; readonly architecture?: string}[] | null
}

/** Asks the registry of a reference through the engine, which knows the way there. Throws as `Docker.findInRegistry` does. */
export async function findInRegistry(docker: Dockerode, reference: string): Promise<RegistryImage> {
  const authconfig = await dockerLogin(reference)
  try {
    const options = authconfig === undefined ? {} : {authconfig}
    const found = (await docker.getImage(reference).distribution(options)) as Distribution
    const platforms = (found.Platforms ?? []).flatMap(({os, architecture}) =>
      os === undefined || architecture === undefined || os === 'unknown' ? [] : [`${os}/${architecture}`],
    )
    return {digest: found.Descriptor.digest, platforms}
  } catch (error) {
    if (statusOf(error) === undefined) throw translate(error)
    throw new JhubError('JHUB-E213', `The registry gives no image ${reference}: ${messageOf(error)}`, {
      fix: [`docker pull ${reference}`, 'docker login REGISTRY   # where it asks for an account'],
    })
  }
}
