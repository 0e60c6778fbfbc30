import {CoreV1Api, PatchStrategy, setHeaderOptions, VersionApi, type KubeConfig} from '@kubernetes/client-node'
import {JhubError, messageOf} from '../../../errors.js'
import type {Tunnels} from '../../../host/network/tunnels.js'
import {fromClient} from './client-objects.js'
import {converseInPod} from './converse-in-pod.js'
import {forwardToPod} from './forward-to-pod.js'
import {KeepingKubeConfig} from './keeping-kube-config.js'
import {inTime, translate, type AskKube} from './kube-answers.js'
import type {KubeApi} from './kube-api.js'
import {kubeObjects} from './kube-objects.js'
import {podLogs} from './pod-logs.js'
import type {ClusterAccess} from '../release/real-helm.js'

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
  const config = new KeepingKubeConfig()
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

/** Lists of metadata, unlike others, say `null` where there is nothing. */
interface NoneIsNull {
  readonly items: readonly {readonly metadata?: object}[] | null
}

/**
 * Or all of it, where something before the API knows no other form.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
const onlyMetadata = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json'

function kubeApi(config: KubeConfig, access: ClusterAccess, tunnels: Tunnels): KubeApi {
  const core = config.makeApiClient(CoreV1Api)
  const place = {server: config.getCurrentCluster()?.server ?? 'unknown', context: access.context}
  const ask: AskKube = async (what, action) => {
    try {
      return await inTime(action())
    } catch (error) {
      throw translate(error, what, place)
    }
  }
  return {
    version: () => ask('its version', async () => (await config.makeApiClient(VersionApi).getCode()).gitVersion),
    ...kubeObjects(config, ask),
    listSecretsWithoutData: (namespace, labelSelector) =>
      ask('the list of Secret', async () => {
        const wanted = setHeaderOptions('Accept', onlyMetadata)
        const list = await core.listNamespacedSecret({namespace, labelSelector}, wanted)
        const {items} = list as NoneIsNull
        return (items ?? []).map(({metadata}) => fromClient({apiVersion: 'v1', kind: 'Secret', metadata}))
      }),
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
    podLog: podLogs(config, ask),
    converse: (program, listener) =>
      ask(`a program in pod ${program.pod}`, () => converseInPod(config, program, listener)),
    forward: (pod, port) => forwardToPod(config, tunnels, pod, port),
  }
}
