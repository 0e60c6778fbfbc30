import {createInterface} from 'node:readline'
import {PassThrough} from 'node:stream'
import {CoreV1Api, Log, type KubeConfig} from '@kubernetes/client-node'
import {definedOnly} from '../../../defined-only.js'
import {absentIsUndefined, type AskKube} from './kube-answers.js'
import type {KubeApi, PodLogOptions} from './kube-api.js'

/** What pods wrote, line by line; nothing of a pod that is not there. */
export function podLogs(config: KubeConfig, ask: AskKube): KubeApi['podLog'] {
  const core = config.makeApiClient(CoreV1Api)
  return async function* (options) {
    if (options.follow === true) yield* await follow(config, options)
    else yield* await lastLines(core, ask, options)
  }
}

async function lastLines(
  core: CoreV1Api,
  ask: AskKube,
  {namespace, pod, container, lines, previous = false}: PodLogOptions,
): Promise<readonly string[]> {
  const text = await ask(`the log of pod ${pod}`, () =>
    absentIsUndefined(() =>
      core.readNamespacedPodLog({namespace, name: pod, tailLines: lines, previous, ...definedOnly({container})}),
    ),
  )
  return (text ?? '').split('\n').filter((line, index, all) => index < all.length - 1 || line !== '')
}

async function follow(
  config: KubeConfig,
  {namespace, pod, container = '', lines, signal}: PodLogOptions,
): Promise<AsyncIterable<string>> {
  const stream = new PassThrough()
  const stop = await new Log(config).log(namespace, pod, container, stream, {follow: true, tailLines: lines})
  signal?.addEventListener('abort', () => {
    stop.abort()
    stream.end()
  })
  return createInterface({input: stream})
}
