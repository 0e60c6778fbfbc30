import {clusterPattern, clusters, clusterWords} from '../../../hub-spec/place/cluster-name.js'
import {questionText, type Asker} from './ask.js'

/** Where a hub on Kubernetes will run, as `k8s.cluster` has it; `undefined` where nobody can be asked. */
export async function askCluster({isInteractive}: Asker, signal: AbortSignal): Promise<string | undefined> {
  if (!isInteractive) return undefined
  const {input, select} = await import('@inquirer/prompts')
  const where = {signal, output: process.stderr}
  const word = await select(
    {
      message: 'Where will this hub run?',
      choices: clusterWords.map((value) => ({name: questionText(clusters[value].about), value, short: value})),
    },
    where,
  )
  if (!clusters[word].isNamed) return word
  const name = await input(
    {
      message: 'Which context? (kubectl config get-contexts)',
      validate: (text) => clusterPattern.test(`${word}:${text.trim()}`) || 'Type the name of a context',
    },
    where,
  )
  return `${word}:${name.trim()}`
}
