import {JhubError} from '../../errors.js'
import {orList} from '../document/or-list.js'

interface ClusterFacts {
  /** Where a hub would run, as a choice for people. */
  readonly about: string
  /** Made, stopped and removed by jhub, on this machine. */
  readonly isMadeByJhub: boolean
  /** A name follows the word, after a colon. */
  readonly isNamed: boolean
}

/** What `k8s.cluster` may say, the default first. */
export const clusters = {
  kind: {about: 'in a kind cluster that jhub makes on this machine', isMadeByJhub: true, isNamed: false},
  'docker-desktop': {about: "in Docker Desktop's cluster", isMadeByJhub: false, isNamed: false},
  context: {about: 'in a cluster of your kubeconfig', isMadeByJhub: false, isNamed: true},
} as const satisfies Readonly<Record<string, ClusterFacts>>

type ClusterWord = keyof typeof clusters
type NamedWord = {[Word in ClusterWord]: (typeof clusters)[Word]['isNamed'] extends true ? Word : never}[ClusterWord]

/** Where the cluster comes from. */
export type ClusterSpec =
  | {readonly [Word in Exclude<ClusterWord, NamedWord>]: {readonly kind: Word}}[Exclude<ClusterWord, NamedWord>]
  | {readonly kind: NamedWord; readonly name: string}

export const clusterWords = Object.keys(clusters) as readonly ClusterWord[]
export const defaultCluster: ClusterWord = 'kind'

const forms = clusterWords.map((word) => (clusters[word].isNamed ? `${word}:NAME` : word))

/** `kind, docker-desktop or context:NAME`. */
export const clusterChoices = orList(forms)

/** A context may have spaces inside its name. */
export const clusterPattern = new RegExp(
  `^(?:${forms.map((form) => form.replace('NAME', '\\S+(?: +\\S+)*')).join('|')})$`,
)

/** What is true of a cluster, as `k8s.cluster` names it. Throws `JHUB-E100` for a word that is no cluster. */
export function clusterFacts(text: string): ClusterFacts {
  return clusters[parseClusterName(text).kind]
}

/** Throws `JHUB-E100` for a word that is no cluster. */
export function parseClusterName(text: string): ClusterSpec {
  if (!clusterPattern.test(text))
    throw new JhubError('JHUB-E100', `"${text}" is not a cluster`, {
      fix: `One of: ${forms.map((form) => `--cluster ${form}`).join(', ')}`,
    })
  const [kind = '', ...name] = text.split(':')
  return (name.length === 0 ? {kind} : {kind, name: name.join(':')}) as ClusterSpec
}
