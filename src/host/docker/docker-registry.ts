import type Dockerode from 'dockerode'
import {JhubError} from '../../errors.js'
import {stallLimit, type StallLimit} from '../stall-limit.js'
import {answered, statusOf} from './docker-answers.js'
import {dockerLogin, type RegistryLogin} from './docker-login.js'
import type {Docker, PushOptions, ImagePush, RegistryImage} from './docker.js'
import {refusalOfPush} from './push-rights/push-rights.js'
import {registryHost} from './registry-host.js'
import {isMissing, translateRegistryError} from './registry-error.js'

/** A registry that says nothing for so long is not there. */
const registryMs = 30_000

interface Distribution {
  readonly Descriptor: {readonly digest: string}
  readonly Platforms?: readonly {readonly os?: string; readonly architecture?: string}[] | null
}

/** Registries, asked through the engine, which knows the way there. */
export function dockerRegistries(
  engine: () => Promise<Dockerode>,
  patience: Patience,
): Pick<Docker, 'findInRegistry' | 'pullImage' | 'registryLogin' | 'checkLogin' | 'refusalOfPush' | 'pushImage'> {
  return {
    findInRegistry: async (reference, login) => findInRegistry(await engine(), reference, login),
    pullImage: async (reference, login, {signal}) => pullImage(await engine(), {reference, login, signal, ...patience}),
    registryLogin: dockerLogin,
    checkLogin: async (host, login) => checkLogin(await engine(), host, login),
    refusalOfPush,
    pushImage: async (wanted, options) => pushImage(await engine(), wanted, {...options, ...patience}),
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

interface Pull extends Patience {
  readonly reference: string
  readonly login: RegistryLogin
  readonly signal: AbortSignal | undefined
}

async function pullImage(docker: Dockerode, {reference, login, signal, stallMs}: Pull): Promise<void> {
  const limit = stallLimit(stallMs, signal)
  try {
    const answer = await docker.pull(reference, {authconfig: login, abortSignal: limit.signal})
    let refused: string | undefined
    const cut = await new Promise<Error | null>((resolve) => {
      docker.modem.followProgress(answer, resolve, ({error}: {readonly error?: string}) => {
        limit.heard()
        refused ??= error
      })
    })
    if (refused !== undefined || cut !== null) throw cut ?? new Error(refused)
  } catch (error) {
    signal?.throwIfAborted()
    throw translateRegistryError(error, registryHost(reference), `downloading the image ${reference}`)
  } finally {
    limit.end()
  }
}

interface Patience {
  /** For what the engine does without a registry. */
  readonly answerMs: number
  /** How long a push may say nothing: a registry takes a while to store a large layer. */
  readonly stallMs: number
}

interface PushEvent {
  readonly error?: string
  readonly progressDetail?: {readonly current?: number; readonly total?: number}
  readonly id?: string
  readonly aux?: {readonly Digest?: string}
}

async function pushImage(
  docker: Dockerode,
  {image, repository, tag, login: given}: ImagePush,
  {signal, onBytes, answerMs, stallMs}: PushOptions & Patience,
): Promise<string> {
  const host = registryHost(repository)
  const authconfig = given ?? (await dockerLogin(host)) ?? {}
  try {
    await answered(() => addTag(docker, image, {repo: repository, tag, abortSignal: signal}), answerMs)
    const limit = stallLimit(stallMs, signal)
    return await send(docker, {repository, tag, authconfig}, {limit, onBytes}).finally(limit.end)
  } catch (error) {
    signal.throwIfAborted()
    throw translateRegistryError(error, host, `sending the image ${repository}:${tag}`)
  } finally {
    const removed = answered(() => docker.getImage(`${repository}:${tag}`).remove(), answerMs)
    await removed.catch(() => undefined)
  }
}

async function send(
  docker: Dockerode,
  {repository, tag, authconfig}: Pick<ImagePush, 'repository' | 'tag'> & {readonly authconfig: Partial<RegistryLogin>},
  {limit, onBytes}: {readonly limit: StallLimit} & Pick<PushOptions, 'onBytes'>,
): Promise<string> {
  const sent = new Map<string, {readonly done: number; readonly total: number}>()
  let digest: string | undefined
  let refused: string | undefined
  try {
    const answer = await docker.getImage(repository).push({tag, authconfig, abortSignal: limit.signal})
    const cut = await new Promise<Error | null>((resolve) => {
      docker.modem.followProgress(answer, resolve, ({error, id = '', progressDetail, aux}: PushEvent) => {
        limit.heard()
        refused ??= error
        digest = aux?.Digest ?? digest
        const {current, total} = progressDetail ?? {}
        if (current === undefined || total === undefined) return
        sent.set(id, {done: Math.min(current, total), total})
        onBytes(sumOf(sent, 'done'), sumOf(sent, 'total'))
      })
    })
    if (refused !== undefined || cut !== null) throw cut ?? new Error(refused)
    if (digest === undefined) throw new Error('unexpected EOF')
    return digest
  } catch (error) {
    limit.signal.throwIfAborted()
    throw error
  }
}

async function addTag(
  docker: Dockerode,
  image: string,
  name: {readonly repo: string; readonly tag: string; readonly abortSignal: AbortSignal},
): Promise<void> {
  try {
    await docker.getImage(image).tag(name)
  } catch (error) {
    if (statusOf(error) !== 404) throw error
    throw new JhubError('JHUB-E201', `The Docker engine does not have the image ${image} any more`, {
      cause: error,
      fix: 'jhub up   # builds it again',
    })
  }
}

function sumOf(sent: ReadonlyMap<string, {readonly done: number; readonly total: number}>, key: 'done' | 'total') {
  return [...sent.values()].reduce((sum, each) => sum + each[key], 0)
}

async function withDeadline<T>(answer: Promise<T>): Promise<T> {
  const {promise, reject} = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('i/o timeout: no answer within 30 seconds')), registryMs)
  try {
    return await Promise.race([answer, promise])
  } finally {
    clearTimeout(timer)
  }
}
