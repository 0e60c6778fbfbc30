import type {CommandResult, Commands} from '../../../../host/processes/commands.js'
import {definedOnly} from '../../../../defined-only.js'
import {translateDockerError} from '../docker-error.js'
import {askOnce} from '../../../../steps/ask-once.js'

/** The containers of this machine's Docker that are the nodes of one kind cluster. */
export interface KindNodes {
  /** Runs docker. Throws in jhub's words what keeps Docker from answering. */
  readonly docker: (words: readonly string[], signal?: AbortSignal) => Promise<CommandResult>
  /** Also of nodes that are stopped, sorted. */
  readonly names: (signal?: AbortSignal) => Promise<readonly string[]>
  /** Runs a command in a node as its root. */
  run(node: string, ...words: readonly string[]): Promise<CommandResult>
  start(signal?: AbortSignal): Promise<void>
  stop(signal?: AbortSignal): Promise<void>
}

const clusterLabel = 'io.x-k8s.kind.cluster'

export function kindNodes(commands: Commands, cluster: string): KindNodes {
  const docker = dockerOf(commands)
  const list = async (signal?: AbortSignal) => {
    const filter = `label=${clusterLabel}=${cluster}`
    const {stdout} = await docker(['ps', '--all', '--filter', filter, '--format', '{{.Names}}'], signal)
    return stdout.split('\n').filter(Boolean).sort()
  }
  const listOnce = askOnce(list)
  const names = (signal?: AbortSignal) => (signal === undefined ? listOnce() : list(signal))
  return {
    docker,
    names,
    run: (node, ...words) => docker(['exec', '--privileged', node, ...words]),
    async start(signal) {
      for (const node of await names()) await docker(['start', node], signal)
    },
    async stop(signal) {
      for (const node of (await names()).toReversed()) await docker(['stop', node], signal)
    },
  }
}

/** Names of the hubs whose kind clusters are in this machine's Docker. */
export async function hubsInKind({docker}: Pick<KindNodes, 'docker'>): Promise<readonly string[]> {
  const format = `{{.Label "${clusterLabel}"}}`
  const {stdout} = await docker(['ps', '--all', '--filter', `label=${clusterLabel}`, '--format', format])
  return [...new Set(stdout.split('\n').flatMap((each) => /^jhub-(.+)$/.exec(each)?.[1] ?? []))]
}

function dockerOf(commands: Commands): KindNodes['docker'] {
  return async (words, signal) => {
    try {
      return await commands.run(['docker', ...words], definedOnly({signal}))
    } catch (error) {
      throw translateDockerError(error)
    }
  }
}
