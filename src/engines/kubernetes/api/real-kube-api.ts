import {PassThrough, type Duplex} from 'node:stream'
import {createInterface} from 'node:readline'
import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  type KubernetesObject,
  PatchStrategy,
  PortForward,
  setHeaderOptions,
  VersionApi,
} from '@kubernetes/client-node'
import {JhubError, messageOf} from '../../../errors.js'
import type {Tunnels} from '../../../host/tunnels.js'
import {fromClient, toClient} from './client-objects.js'
import type {KubeApi, KubeObject, ObjectRef} from './kube-api.js'
import {fieldManager} from '../clusters/names.js'
import type {ClusterAccess} from '../release/real-helm.js'

interface AccessReview extends KubernetesObject {
  readonly spec: {readonly resourceAttributes: object}
  readonly status?: {readonly allowed: boolean}
}

const timeoutMs = 15_000

/**
 * The API of a cluster by its client library. Throws `JHUB-E211` when the kubeconfig cannot be read or has no such context,
 * and `JHUB-E212` when the program that signs this account in fails.
 */
export async function openKubeApi(access: ClusterAccess, tunnels: Tunnels): Promise<KubeApi> {
  const config = readKubeconfig(access)
  await signIn(config)
  return kubeApi(config, access, tunnels)
}

function readKubeconfig({kubeconfig, context}: ClusterAccess): KubeConfig {
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig)
  } catch (error) {
    throw new JhubError('JHUB-E211', 'The kubeconfig cannot be read', {cause: error, fix: 'kubectl config view'})
  }
  if (context !== undefined && config.getContextObject(context) !== null) config.setCurrentContext(context)
  else if (context !== undefined) throw noContext(context)
  if (config.getCurrentCluster() === null) throw noContext(config.getCurrentContext())
  return config
}

function noContext(context: string): JhubError {
  return new JhubError('JHUB-E211', `The kubeconfig has no context ${context}, or no cluster for it`, {
    fix: ['kubectl config get-contexts', 'Set k8s.cluster in the settings file to one of these'],
  })
}

/** Runs the program that the kubeconfig names for it (an exec plugin), where there is one, so that its own words are told. */
async function signIn(config: KubeConfig): Promise<void> {
  const plugin = config.getCurrentUser()?.exec as {readonly command?: string} | undefined
  const command = plugin?.command
  if (command === undefined) return
  try {
    await inTime(config.applyToHTTPSOptions({}))
  } catch (error) {
    throw new JhubError('JHUB-E212', `\`${command}\`, which signs this account in to the cluster, failed`, {
      cause: new Error(messageOf(error).trim() || 'it gave no reason'),
      fix: [`${command}   # sign in with it again, then the same command`],
    })
  }
}

function kubeApi(config: KubeConfig, access: ClusterAccess, tunnels: Tunnels): KubeApi {
  const objects = KubernetesObjectApi.makeApiClient(config)
  const core = config.makeApiClient(CoreV1Api)
  const place = {server: config.getCurrentCluster()?.server ?? 'unknown', context: access.context}
  const ask = async <T>(what: string, action: () => Promise<T>) => {
    try {
      return await inTime(action())
    } catch (error) {
      throw translate(error, what, place)
    }
  }

  return {
    version: () => ask('its version', async () => (await config.makeApiClient(VersionApi).getCode()).gitVersion),

    async may({verb, group, resource: named, namespace}) {
      const [resource = named, subresource] = named.split('/')
      const inside = {
        ...(namespace === undefined ? {} : {namespace}),
        ...(subresource === undefined ? {} : {subresource}),
      }
      const review = await ask('what this account may do', () =>
        objects.create<AccessReview>({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {resourceAttributes: {verb, group, resource, ...inside}},
        }),
      )
      return review.status?.allowed ?? false
    },

    async read<T extends KubeObject>(ref: ObjectRef) {
      const found = await ask(describe(ref), () => absentIsUndefined(() => objects.read(header(ref))))
      return found === undefined ? undefined : (fromClient({...ref, ...found}) as T)
    },

    async list<T extends KubeObject>({apiVersion, kind, namespace, labels}: Parameters<KubeApi['list']>[0]) {
      return ask(`the list of ${kind}`, async () => {
        const page = await objects.list(apiVersion, kind, namespace, undefined, undefined, undefined, undefined, labels)
        return page.items.map((item) => fromClient({apiVersion, kind, ...item}) as T)
      })
    },

    async apply(object) {
      await ask(`the change of ${object.kind} ${object.metadata.name}`, () =>
        objects.patch(
          toClient(object) as Parameters<typeof objects.patch>[0],
          undefined,
          undefined,
          fieldManager,
          true,
          PatchStrategy.ServerSideApply,
        ),
      )
    },

    async remove(ref) {
      await ask(`the removal of ${describe(ref)}`, () =>
        absentIsUndefined(() => objects.delete(header(ref), undefined, undefined, undefined, undefined, 'Background')),
      )
    },

    async resize({name, namespace = 'default'}, container, resources) {
      await ask(`the resize of pod ${name}`, () =>
        core.patchNamespacedPodResize(
          {name, namespace, body: {spec: {containers: [{name: container, resources}]}}},
          setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
        ),
      )
    },

    async *podLog({namespace, pod, container, lines, previous = false, follow = false, signal}) {
      if (!follow) {
        const text = await ask(`the log of pod ${pod}`, () =>
          absentIsUndefined(() =>
            core.readNamespacedPodLog({
              namespace,
              name: pod,
              tailLines: lines,
              previous,
              ...(container === undefined ? {} : {container}),
            }),
          ),
        )
        yield* (text ?? '').split('\n').filter((line, index, all) => index < all.length - 1 || line !== '')
        return
      }
      const stream = new PassThrough()
      const stop = await new Log(config).log(namespace, pod, container ?? '', stream, {follow: true, tailLines: lines})
      signal?.addEventListener('abort', () => {
        stop.abort()
        stream.end()
      })
      yield* createInterface({input: stream})
    },

    async forward({name, namespace = 'default'}, port) {
      const forwarder = new PortForward(config)
      const local = await tunnels.open((socket) => {
        const opened = forwarder.portForward(namespace, name, [port], socket, null, socket)
        joinToPod(socket, opened).catch(() => socket.destroy())
      })
      return `http://127.0.0.1:${String(local)}`
    },
  }
}

/** Ends each side when the other is lost, which the client library leaves to its callers. */
async function joinToPod(socket: Duplex, opened: ReturnType<PortForward['portForward']>): Promise<void> {
  const pod = await opened
  if (typeof pod === 'function') return
  pod.addEventListener('close', () => {
    socket.end(() => socket.destroy())
  })
  if (socket.closed) pod.close()
  socket.once('close', () => {
    pod.close()
  })
}

function header({apiVersion, kind, name, namespace}: ObjectRef) {
  return {apiVersion, kind, metadata: {name, ...(namespace === undefined ? {} : {namespace})}}
}

function describe({kind, name, namespace}: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}

async function absentIsUndefined<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof ApiException && error.code === 404) return undefined
    throw error
  }
}

class NoAnswer extends Error {}

async function inTime<T>(action: Promise<T>): Promise<T> {
  let timeout: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timeout = setTimeout(() => {
      reject(new NoAnswer(`no answer within ${String(timeoutMs / 1000)} s`))
    }, timeoutMs)
  })
  try {
    return await Promise.race([action, late])
  } finally {
    clearTimeout(timeout)
  }
}

interface Place {
  readonly server: string
  /** Of a cluster that somebody else made. */
  readonly context: string | undefined
}

function translate(error: unknown, what: string, place: Place): JhubError {
  if (!(error instanceof ApiException)) return unanswered(error, place)
  const details = {status: error.code}
  if (error.code === 401)
    return new JhubError(
      'JHUB-E212',
      `The cluster at ${place.server} does not accept this account (401): its token or certificate has expired or was revoked`,
      {fix: lookAt(place), details},
    )
  const said = wordsOf(error.body)
  if (error.code === 403) {
    return new JhubError('JHUB-E212', `The cluster refused ${what}: ${said}`, {
      fix: 'kubectl auth can-i --list   # an admin of the cluster can give what is missing',
      details,
    })
  }
  return new JhubError('JHUB-E210', `The cluster answered ${String(error.code)} to ${what}: ${said}`, {details})
}

function unanswered(error: unknown, place: Place): JhubError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const {server} = place
  const message =
    cause instanceof NoAnswer
      ? `The cluster at ${server} did not answer within ${String(timeoutMs / 1000)} s`
      : code === 'ECONNREFUSED'
        ? `Nothing listens at ${server}: the cluster is stopped, or its address has changed`
        : `The cluster at ${server} cannot be reached`
  return new JhubError('JHUB-E211', message, {cause: new Error(messageOf(cause)), fix: lookAt(place)})
}

function lookAt({context}: Place): readonly string[] {
  return context === undefined
    ? ['jhub doctor', 'jhub start   # when it was stopped']
    : [`kubectl --context ${context} get nodes`, 'jhub doctor']
}

function wordsOf(body: unknown): string {
  const value: unknown = typeof body === 'string' ? parseOr(body) : body
  const message: unknown = typeof value === 'object' && value !== null && 'message' in value ? value.message : value
  return typeof message === 'string' && message !== '' ? message : 'no reason given'
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
