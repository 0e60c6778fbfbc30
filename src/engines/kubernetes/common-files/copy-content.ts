import path from 'node:path'
import {copyFile} from '../../../host/files/copy-file.js'
import {contentAddress, type ContentSpec} from '../../../hub-spec/content-spec.js'
import type {Step} from '../../../steps/step.js'
import {publishMaterials} from '../../common-files/publish-materials.js'
import type {TreeKeeper} from '../../common-files/tree-keeper.js'
import type {Cluster, OwnCluster} from '../clusters/cluster.js'
import {requireGit} from '../clusters/require-git.js'

/** As `assets/k8s/jhub_common.py` has it. */
const fileName = 'repository.gitbundle'

export interface CopyContent {
  readonly cluster: Pick<Cluster, 'files' | 'checksums' | 'layout'>
  readonly own: Pick<OwnCluster, 'repositories'>
  readonly content: ContentSpec
  /** The file of a bundle, which is taken in place of the repository. */
  readonly bundled: string | undefined
  readonly keeper: Omit<TreeKeeper, 'compare'>
  readonly notes: ContentNotes
}

/** What stands on the claim of the volume about the copy. */
export interface ContentNotes {
  readonly isShown: () => Promise<boolean>
  /** The repository, branch and version of the copy that is there. */
  readonly copied: () => Promise<string | undefined>
  /** `null`: servers do not see it any more. */
  readonly note: (copied: string | null) => Promise<void>
}

export function hideContent({isShown, note}: ContentNotes): Step {
  return {
    title: 'Hide the course repository',
    check: async () =>
      (await isShown())
        ? {summary: 'hide the copy of the course repository from servers that start', disturbs: 'live'}
        : undefined,
    apply: () => note(null),
  }
}

/** What is noted of a copy. */
function contentNote(content: ContentSpec, version: string): string {
  return `${contentAddress(content)} ${content.branch ?? ''} ${version}`
}

/**
 * The copy of the course's repository that servers read where its address does not answer: as it is now, or as the bundle has it.
 * Without git on this computer there is none, and servers load from the address alone.
 */
export function copyContent({cluster, own, content, bundled, keeper, notes}: CopyContent): Step {
  const {files, checksums, layout} = cluster
  const wantedVersion = async () =>
    bundled === undefined ? (await own.repositories())?.version(content) : checksums.of(bundled)
  return {
    title: 'Copy the course repository',
    async check() {
      if (bundled === undefined && (await own.repositories()) === undefined) return undefined
      const [copied = '', version] = await Promise.all([notes.copied(), wantedVersion()])
      // Where the address does not answer, a copy of it is the newest there is.
      if (
        version === undefined ? copied.startsWith(contentNote(content, '')) : copied === contentNote(content, version)
      )
        return undefined
      const from = bundled === undefined ? '' : ' from the bundle'
      return {summary: `copy ${content.git}${from}, for servers without internet`, disturbs: 'live'}
    },
    async apply(context) {
      const {signal} = context
      const file = path.join(layout.content, fileName)
      // What is pushed after this is copied the next time.
      const version = await wantedVersion()
      await files.remove(layout.content)
      try {
        if (bundled !== undefined) await copyFile({from: files, file: bundled}, {to: files, file}, signal)
        else await (await requireGit(own)).copy(content, file, signal)
        const quiet: TreeKeeper = {...keeper, compare: () => Promise.resolve('other')}
        const isThere = () => Promise.resolve(true)
        const step = publishMaterials({directory: layout.content, local: files, checksums, keeper: quiet, isThere})
        await step.apply(context)
        await notes.note(contentNote(content, version ?? ''))
      } finally {
        await files.remove(layout.content)
      }
    },
  }
}
