import type {Asker} from './ask.js'

/** Where a hub on Kubernetes will run, as `k8s.cluster` has it; `undefined` where nobody can be asked. */
export async function askCluster({isInteractive}: Asker, signal: AbortSignal): Promise<string | undefined> {
  if (!isInteractive) return undefined
  const {input, select} = await import('@inquirer/prompts')
  const where = {signal, output: process.stderr}
  const kind = await select(
    {
      message: 'Where will this hub run?',
      choices: [
        {name: 'in a cluster that jhub makes on this machine (kind)', value: 'kind'},
        {name: "in Docker Desktop's cluster", value: 'docker-desktop'},
        {name: 'in a cluster of your kubeconfig', value: 'context'},
      ],
    },
    where,
  )
  if (kind !== 'context') return kind
  const name = await input(
    {
      message: 'Which context? (kubectl config get-contexts)',
      validate: (text) => /^\S+$/.test(text) || 'A context is one word',
    },
    where,
  )
  return `context:${name}`
}
