import {definedOnly} from '../../../../defined-only.js'
import type {Host} from '../../../../host/host.js'
import {endProcesses} from '../../../end-processes.js'

/**
 * Ends the kind that a killed jhub left behind. It would go on making its nodes, and remove those that are made in their place
 * once it fails, because it knows them by their name.
 */
export async function endLeftMaking(
  host: Pick<Host, 'processes' | 'clock'>,
  {name, kubeconfig}: {readonly name: string; readonly kubeconfig: string},
  signal?: AbortSignal,
): Promise<void> {
  const isOurs = (words: string) =>
    (words.includes(` create cluster --name ${name} `) && words.includes(kubeconfig)) ||
    (/\bdocker run /.test(words) && words.includes(` io.x-k8s.kind.cluster=${name} `))
  const left = (await host.processes.list()).filter(({argv}) => isOurs(argv.join(' ')))
  await endProcesses(host, {
    pids: left.map(({pid}) => pid),
    what: 'the kind of an earlier jhub',
    ...definedOnly({signal}),
  })
}
