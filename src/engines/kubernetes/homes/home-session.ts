import {JhubError} from '../../../errors.js'
import {programWords} from '../../python-program.js'
import type {KubeApi, ObjectRef} from '../api/kube-api.js'
import {homeContainer} from './home-pod.js'

/** The program in a pod that has a home, which answers one request after the other. */
export interface HomeSession {
  /** Throws `JHUB-E229` when the program or the way to it ended. */
  ask(request: string): Promise<string>
  close(): void
}

/** Starts the program in a pod; `texts` are its files, `what` is what the pod opens: `the home of ana`. */
export async function openHomeSession(
  api: KubeApi,
  {namespace = '', name}: ObjectRef,
  {what, texts, signal}: {readonly what: string; readonly texts: string; readonly signal: AbortSignal},
): Promise<HomeSession> {
  let awaited: PromiseWithResolvers<string> | undefined
  let ended: JhubError | undefined
  const end = (error: JhubError) => {
    ended ??= error
    awaited?.reject(ended)
  }
  const argv = ['python3', ...programWords]
  const conversation = await api.converse(
    {namespace, pod: name, container: homeContainer, argv},
    {
      onLine: (line) => awaited?.resolve(line),
      onEnd: (complaints) =>
        end(new JhubError('JHUB-E229', `The program in ${what} was ended`, {cause: new Error(complaints)})),
    },
  )
  conversation.send(texts)
  signal.addEventListener('abort', () => end(new JhubError('JHUB-E229', `The program in ${what} was left`)), {
    once: true,
  })
  return {
    async ask(request) {
      if (ended !== undefined) throw ended
      awaited = Promise.withResolvers<string>()
      conversation.send(request)
      return awaited.promise
    },
    close: () => conversation.close(),
  }
}
