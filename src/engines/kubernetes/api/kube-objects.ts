import {KubernetesObjectApi, PatchStrategy, type KubeConfig, type KubernetesObject} from '@kubernetes/client-node'
import {definedOnly} from '../../../defined-only.js'
import {fieldManager} from '../clusters/names.js'
import {fromClient, toClient} from './client-objects.js'
import {absentIsUndefined, type AskKube} from './kube-answers.js'
import type {KubeApi, KubeObject, ObjectRef} from './kube-api.js'

interface AccessReview extends KubernetesObject {
  readonly spec: {readonly resourceAttributes: object}
  readonly status?: {readonly allowed: boolean}
}

/** Objects of any kind, read and changed by the client library. */
export function kubeObjects(
  config: KubeConfig,
  ask: AskKube,
): Pick<KubeApi, 'may' | 'read' | 'list' | 'apply' | 'patch' | 'remove'> {
  const objects = KubernetesObjectApi.makeApiClient(config)
  return {
    async may({verb, group, resource: named, namespace}) {
      const [resource = named, subresource] = named.split('/')
      const review = await ask('what this account may do', () =>
        objects.create<AccessReview>({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {resourceAttributes: definedOnly({verb, group, resource, namespace, subresource})},
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
  }
}

function header({apiVersion, kind, name, namespace}: ObjectRef) {
  return {apiVersion, kind, metadata: {name, ...definedOnly({namespace})}}
}

function describe({kind, name, namespace}: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`
}
