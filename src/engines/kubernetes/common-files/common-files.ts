import {createHash} from 'node:crypto'
import {definedOnly} from '../../../defined-only.js'
import type {Clock} from '../../../host/clock.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import type {Step, StepContext} from '../../../steps/step.js'
import {materialsFindings} from '../../common-files/materials-finding.js'
import {openShared} from '../../common-files/open-shared.js'
import {publishMaterials} from '../../common-files/publish-materials.js'
import {treeKeeper, type KeptFile, type TreeKeeper} from '../../common-files/tree-keeper.js'
import {programTexts} from '../../python-program.js'
import {requireKube} from '../api/require-kube.js'
import type {Cluster} from '../clusters/cluster.js'
import {contentAnnotation, materialsAnnotation, shownAnnotation} from '../clusters/names.js'
import {copyContent, hideContent, type ContentNotes} from './copy-content.js'
import {claimRef, makeCommonVolume, type CommonClaim} from './common-volume.js'
import {commonPod, mountCommonVolume, type CommonPod} from './common-pod.js'

export interface KubernetesCommonFiles {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly assets: string
  /** The repository of the course, in a bundle. */
  readonly bundledContent: string | undefined
}

type Shown = 'materials' | 'shared' | 'content'

/**
 * What all people of a hub see, on one volume of the cluster that every server mounts. Notes on its claim say what is on it:
 * servers mount what is shown, and nothing has to be started to learn whether the materials are the same.
 */
export function kubernetesCommonFiles({cluster, clock, assets, bundledContent}: KubernetesCommonFiles) {
  const {files: local, checksums, own} = cluster
  const {read: readNotes, note} = claimNotes(cluster)
  const isShown = async (spec: HubSpec, name: Shown) => (await readNotes(spec)).shown.includes(name)
  const onVolume = stepsOnVolume({cluster, clock, assets}, readNotes)

  const materials = (spec: HubSpec): Step => {
    const directory = spec.files.materials
    if (directory === undefined)
      return {
        title: 'Hide the materials',
        check: async () =>
          (await isShown(spec, 'materials'))
            ? {summary: 'hide the materials from servers that start', disturbs: 'live'}
            : undefined,
        apply: () => note(spec, 'materials', false, {[materialsAnnotation]: null}),
      }
    return onVolume(spec, 'materials', (ask) => {
      const tree = treeKeeper(ask)
      const keeper: TreeKeeper = {
        ...tree,
        async compare(files) {
          const {shown, digest} = await readNotes(spec)
          if (!shown.includes('materials')) return 'none'
          return digest === digestOf(files) ? 'same' : 'other'
        },
        async publish(files) {
          await tree.publish(files)
          await note(spec, 'materials', true, {[materialsAnnotation]: digestOf(files)})
        },
      }
      return publishMaterials({directory, local, checksums, keeper})
    })
  }

  const shared = (spec: HubSpec): Step => {
    const isWanted = spec.files.shared
    return onVolume(spec, 'shared', (ask) =>
      openShared({
        isWanted,
        isThere: () => isShown(spec, 'shared'),
        async ask(request) {
          if (request['do'] === 'look') return JSON.stringify({value: 'open'})
          const answer = request['do'] === 'open' ? await ask(request) : JSON.stringify({value: true})
          await note(spec, 'shared', isWanted)
          return answer
        },
      }),
    )
  }

  /** Only where there may be no internet: another cluster has a network of its own. */
  const content = (spec: HubSpec): readonly Step[] => {
    if (own === undefined) return []
    const notes: ContentNotes = {
      isShown: () => isShown(spec, 'content'),
      copied: async () => (await readNotes(spec)).content,
      note: (copied) => note(spec, 'content', copied !== null, {[contentAnnotation]: copied}),
    }
    if (spec.content === undefined) return [hideContent(notes)]
    const bundled = bundledContent
    const options = {cluster, own, content: spec.content, bundled, notes}
    return [onVolume(spec, 'content', (ask) => copyContent({...options, keeper: treeKeeper(ask)}))]
  }

  return {
    content,
    findings: (spec: HubSpec): Promise<readonly Finding[]> =>
      materialsFindings(local, spec.files, () => isShown(spec, 'materials')),
    materials,
    shared,
  }
}

/** Steps that have the volume, and a pod with it, while they are applied. */
function stepsOnVolume(
  {cluster, clock, assets}: Omit<KubernetesCommonFiles, 'bundledContent'>,
  readNotes: (spec: HubSpec) => Promise<Notes>,
) {
  const {files: local, own} = cluster
  return (spec: HubSpec, name: Shown, make: (ask: CommonPod['ask']) => Step): Step => {
    const program = () => programTexts(local, assets, [name === 'shared' ? 'files/jhub_shared' : 'files/jhub_tree'])
    let pod: CommonPod | undefined
    const step = make((request) => pod?.ask(request) ?? Promise.reject(new Error('a look asks no pod')))
    return {
      ...step,
      async apply(context: StepContext) {
        const {signal} = context
        const api = await requireKube(cluster)
        if (!(await readNotes(spec)).isThere)
          await makeCommonVolume({
            api,
            clock,
            spec,
            signal,
            ...definedOnly({own}),
            mount: (each) => mountCommonVolume({cluster, clock, spec, signal: each}),
          })
        pod = commonPod({cluster, clock, spec, program, directory: name, signal})
        try {
          await step.apply(context)
        } finally {
          await pod.close()
          pod = undefined
        }
      },
    }
  }
}

interface Notes {
  /** It is there, and not without a volume. */
  readonly isThere: boolean
  readonly shown: readonly string[]
  readonly digest: string | undefined
  /** The repository and branch of the copy that is there. */
  readonly content: string | undefined
}

/** What stands on the claim of the volume. */
function claimNotes(cluster: Cluster) {
  const read = async (spec: HubSpec): Promise<Notes> => {
    const api = await cluster.api()
    const claim = await api?.read<CommonClaim>(claimRef(spec))
    const {
      [shownAnnotation]: shown = '',
      [materialsAnnotation]: digest,
      [contentAnnotation]: content,
    } = claim?.metadata.annotations ?? {}
    return {
      isThere: claim !== undefined && claim.status?.phase !== 'Pending',
      shown: shown.split(' ').filter(Boolean),
      digest,
      content,
    }
  }
  const note = async (
    spec: HubSpec,
    name: Shown,
    isShown: boolean,
    more: Readonly<Record<string, string | null>> = {},
  ): Promise<void> => {
    const {shown} = await read(spec)
    const next = [...shown.filter((each) => each !== name), ...(isShown ? [name] : [])].toSorted().join(' ')
    const api = await requireKube(cluster)
    await api.patch(claimRef(spec), {metadata: {annotations: {[shownAnnotation]: next, ...more}}})
  }
  return {read, note}
}

function digestOf(files: readonly KeptFile[]): string {
  const lines = files.map(({path, sha256, executable}) => `${sha256} ${executable ? 'x' : '-'} ${path}`).toSorted()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
