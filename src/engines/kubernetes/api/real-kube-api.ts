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
import {inTime, translate} from './kube-answers.js'
import type {KubeApi, KubeObject, ObjectRef} from './kube-api.js'
import {converseInPod} from './converse-in-pod.js'
import {fieldManager} from '../clusters/names.js'
import type {ClusterAccess} from '../release/real-helm.js'

interface AccessReview extends KubernetesObject {
  readonly spec: {readonly resourceAttributes: object}
  readonly status?: {readonly allowed: boolean}
}

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

    async patch(ref, change) {
      const {metadata = {}} = change as {readonly metadata?: object}
      const {metadata: own, ...rest} = header(ref)
      const body = {...change, ...rest, metadata: {...metadata, ...own}}
      await ask(`the change of ${describe(ref)}`, () =>
        objects.patch(body, undefined, undefined, fieldManager, undefined, PatchStrategy.MergePatch),
      )
    },

    async remove(ref) {
      await ask(`the removal of ${describe(ref)}`, () =>
        absentIsUndefined(() => objects.delete(header(ref), undefined, undefined, undefined, undefined, 'Background')),
      )
    },

    nodeSummary: (name) =>
      ask(`what node ${name} says of its pods`, () => core.connectGetNodeProxyWithPath({name, path: 'stats/summary'})),

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

    converse: (program, listener) =>
      ask(`a program in pod ${program.pod}`, () => converseInPod(config, program, listener)),

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
