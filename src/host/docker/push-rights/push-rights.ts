import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import type {Dispatcher} from 'undici'
import {outwardAgent} from '../../network/outward-agent.js'
import {trustedAuthorities} from '../../network/trusted-authorities.js'
import type {RegistryLogin} from '../docker-login.js'
import {isLoopback, registryHost} from '../registry-host.js'
import {asking, objectOf, type Answer, type Ask} from './ask-registry.js'
import {answerTo} from './registry-token.js'

/** How registries call it that somebody may not push somewhere, or that there is no such place. */
const refusals: readonly unknown[] = ['DENIED', 'UNAUTHORIZED', 'NAME_UNKNOWN', 'NAME_INVALID', 'UNSUPPORTED']

/**
 * Why a registry would take no image in a repository from this account, in its own words: an upload is begun and given up, as
 * a push begins. `undefined` where it takes it, and where that cannot be seen from here: Docker may know another way there.
 */
export async function refusalOfPush(repository: string, login: RegistryLogin | undefined): Promise<string | undefined> {
  if (isElsewhere(repository)) return undefined
  const {Agent} = await import('undici')
  const ca = [...(await trustedAuthorities()), ...(await dockersAuthorities(registryHost(repository)))]
  const agent = isLoopback(registryHost(repository))
    ? new Agent({connect: {ca}})
    : await outwardAgent({connect: {ca}, requestTls: {ca}, proxyTls: {ca}})
  try {
    return await tryUpload(agent, repository, login)
  } catch {
    return undefined
  } finally {
    await agent.destroy()
  }
}

/** Of another computer's Docker, this one's loopback address is another place. */
function isElsewhere(repository: string): boolean {
  return isLoopback(registryHost(repository)) && /^(?:tcp|ssh|https?):/.test(process.env['DOCKER_HOST'] ?? '')
}

async function dockersAuthorities(host: string): Promise<readonly string[]> {
  const directory = path.join('/etc/docker/certs.d', host)
  const names = await readdir(directory).catch(() => [])
  const files = names.filter((name) => name.endsWith('.crt'))
  return Promise.all(files.map((name) => readFile(path.join(directory, name), 'utf8')))
}

async function tryUpload(
  agent: Dispatcher,
  repository: string,
  login: RegistryLogin | undefined,
): Promise<string | undefined> {
  const ask = await asking(agent)
  const host = registryHost(repository)
  const name = repository.replace(/^(?:index\.)?docker\.io\//, '').replace(`${host}/`, '')
  const begin = `/v2/${name}/blobs/uploads/`
  const origin = await originOf(ask, host)
  const first = await ask(`${origin}${begin}`, 'POST')
  const challenge = first.status === 401 ? String(first.headers['www-authenticate'] ?? '') : undefined
  const authorization = challenge === undefined ? undefined : await answerTo(challenge, {ask, origin, name, login})
  if (typeof authorization === 'object') return refusalIn(authorization)
  const answer = authorization === undefined ? first : await ask(`${origin}${begin}`, 'POST', authorization)
  const {location} = answer.headers
  if (answer.status !== 202 || typeof location !== 'string') return refusalIn(answer)
  const upload = new URL(location, origin)
  if (upload.origin === origin) await ask(upload.href, 'DELETE', authorization)
  return undefined
}

/** Docker takes HTTP from this computer alone. */
async function originOf(ask: Ask, host: string): Promise<string> {
  const secured = `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`
  if (!isLoopback(host)) return secured
  return ask(`${secured}/v2/`, 'GET').then(
    () => secured,
    () => `http://${host}`,
  )
}

/** In the words of a registry alone: a web filter on the way may refuse as well. One that is only read says 405. */
function refusalIn({status, body}: Answer): string | undefined {
  const {errors} = objectOf(body)
  const [first] = Array.isArray(errors) ? (errors as readonly unknown[]) : []
  const {code, message} = objectOf(first)
  if (status === 405) return 'it takes no uploads (405 Method Not Allowed)'
  if (status < 400 || status >= 500 || !refusals.includes(code)) return undefined
  return [code, message]
    .filter((each) => typeof each === 'string' && each !== '')
    .join(': ')
    .toLowerCase()
}
