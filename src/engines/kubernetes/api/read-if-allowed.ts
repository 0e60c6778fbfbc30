import {JhubError} from '../../../errors.js'
import type {KubeApi, KubeObject, ListOf, ObjectRef} from './kube-api.js'

/** `not allowed`: this account may not look, so nothing of jhub's that it made can be there. */
export async function readIfAllowed<T extends KubeObject>(
  api: KubeApi,
  ref: ObjectRef,
): Promise<T | undefined | 'not allowed'> {
  return orNotAllowed(() => api.read<T>(ref))
}

export async function listIfAllowed<T extends KubeObject>(
  api: KubeApi,
  kind: ListOf,
): Promise<readonly T[] | 'not allowed'> {
  return orNotAllowed(() => api.list<T>(kind))
}

/** What `ask` gives; `not allowed` where the cluster refuses it to this account. */
export async function orNotAllowed<T>(ask: () => Promise<T>): Promise<T | 'not allowed'> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E212') return 'not allowed'
    throw error
  }
}
