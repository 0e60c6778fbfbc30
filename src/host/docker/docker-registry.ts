import type Dockerode from 'dockerode'
import {dockerLogin, type RegistryLogin} from './docker-login.js'
import type {Docker, PushOptions, PushWanted, RegistryImage} from './docker.js'
import {registryHost} from './registry-host.js'
import {isMissing, translateRegistryError} from './registry-error.js'

/** A registry that says nothing for so long is not there. */
const answerMs = 30_000

interface Distribution {
  readonly Descriptor: {readonly digest: string}
  readonly Platforms?: readonly {readonly os?: string; readonly architecture?: string}[] | null
}

/** Registries, asked through the engine, which knows the way there. */
export function dockerRegistries(
  engine: () => Promise<Dockerode>,
): Pick<Docker, 'findInRegistry' | 'registryLogin' | 'checkLogin' | 'pushImage'> {
  return {
    findInRegistry: async (reference, login) => findInRegistry(await engine(), reference, login),
    registryLogin: dockerLogin,
    checkLogin: async (host, login) => checkLogin(await engine(), host, login),
    pushImage: async (wanted, options) => pushImage(await engine(), wanted, options),
  }
}

async function findInRegistry(
  docker: Dockerode,
  reference: string,
  given?: RegistryLogin,
): Promise<RegistryImage | undefined> {
  const host = registryHost(reference)
  const authconfig = given ?? (await dockerLogin(host))
  try {
    const options = authconfig === undefined ? {} : {authconfig}
    const found = await withDeadline(docker.getImage(reference).distribution(options) as Promise<Distribution>)
    const platforms = (found.Platforms ?? []).flatMap(({os, architecture}) =>
      os === undefined || architecture === undefined || os === 'unknown' ? [] : [`${os}/${architecture}`],
    )
    return {digest: found.Descriptor.digest, platforms}
  } catch (error) {
    if (isMissing(error)) return undefined
    throw translateRegistryError(error, host, `looking for the image ${reference}`)
  }
}

async function checkLogin(docker: Dockerode, host: string, login: RegistryLogin): Promise<void> {
  try {
    await withDeadline(docker.checkAuth({...login}) as Promise<unknown>)
  } catch (error) {
    throw translateRegistryError(error, host, `trying the account ${login.username ?? 'of docker login'}`)
  }
}

interface PushEvent {
  readonly error?: string
  readonly progressDetail?: {readonly current?: number; readonly total?: number}
  readonly id?: string
  readonly aux?: {readonly Digest?: string}
}

async function pushImage(
  docker: Dockerode,
  {image, repository, tag, login: given}: PushWanted,
  {signal, onBytes}: PushOptions,
): Promise<string> {
  const host = registryHost(repository)
  const authconfig = given ?? (await dockerLogin(host)) ?? {}
  const doing = `sending the image ${repository}:${tag}`
  try {
    await docker.getImage(image).tag({repo: repository, tag})
    const answer = await docker.getImage(repository).push({tag, authconfig, abortSignal: signal})
    const sent = new Map<string, {readonly done: number; readonly total: number}>()
    let digest: string | undefined
    let refused: string | undefined
    const cut = await new Promise<Error | null>((resolve) => {
      docker.modem.followProgress(answer, resolve, ({error, id = '', progressDetail, aux}: PushEvent) => {
        refused ??= error
        digest = aux?.Digest ?? digest
        const {current, total} = progressDetail ?? {}
        if (current === undefined || total === undefined) return
        sent.set(id, {done: Math.min(current, total), total})
        onBytes(sumOf(sent, 'done'), sumOf(sent, 'total'))
      })
    })
    signal.throwIfAborted()
    if (refused !== undefined || cut !== null) throw cut ?? new Error(refused)
    if (digest === undefined) throw new Error('unexpected EOF')
    return digest
  } catch (error) {
    signal.throwIfAborted()
    throw translateRegistryError(error, host, doing)
  } finally {
    await docker
      .getImage(`${repository}:${tag}`)
      .remove()
      .catch(() => undefined)
  }
}

function sumOf(sent: ReadonlyMap<string, {readonly done: number; readonly total: number}>, key: 'done' | 'total') {
  return [...sent.values()].reduce((sum, each) => sum + each[key], 0)
}

async function withDeadline<T>(answer: Promise<T>): Promise<T> {
  const {promise, reject} = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('i/o timeout: no answer within 30 seconds')), answerMs)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
