import type {Checksums} from '../../host/files/checksums.js'
import type {LocalFiles} from '../../host/files/files.js'
import {readTree, type Tree, type TreeFile} from '../../host/files/read-tree.js'
import {formatRoughMemory} from '../../hub-spec/limits/rough-memory.js'
import type {Step, StepContext} from '../../steps/step.js'
import {JhubError} from '../../errors.js'
import {requestsFor} from '../../host/files/file-parts.js'
import type {TreeKeeper} from './tree-keeper.js'

/** What a tree takes on the disk besides its contents. */
const spareBytes = 16 * 1024 ** 2

export interface PublishMaterials {
  /** The directory on this computer, or a link to it. */
  readonly directory: string
  readonly local: LocalFiles
  readonly checksums: Checksums
  readonly keeper: TreeKeeper
  /** False while the keeper cannot be asked, since its place is not made yet; absent where it always can. */
  readonly isThere?: () => Promise<boolean>
}

/**
 * Shows everybody what is in a directory of this computer. What is there already is not sent again, and people see the tree
 * before or the tree after. While the directory is not here, people keep what they have.
 */
export function publishMaterials(options: PublishMaterials): Step {
  const {directory, local, checksums, keeper, isThere = () => Promise.resolve(true)} = options
  const read = async () => readTree({files: local, checksums}, await local.realPath(directory))
  let seen: Tree | undefined
  return {
    title: 'Copy the materials',
    async check() {
      if ((await local.stat(await local.realPath(directory)))?.kind !== 'directory') return undefined
      seen = await read()
      const {files} = seen
      const there = (await isThere()) ? await keeper.compare(files) : 'none'
      if (there === 'same') return undefined
      const summary = `${there === 'none' ? 'copy' : 'update'} the materials: ${describe(files)} of ${directory}`
      return {summary, disturbs: 'live'}
    },
    async apply(context) {
      const tree = seen ?? (await read())
      seen = undefined
      await sendMissing(options, tree.files, context)
      const before = await keeper.compare(tree.files)
      await keeper.publish(tree.files)
      tellLeftOut(tree, context)
      if (before === 'none')
        context.note('People find the materials in their file browser, as "materials", when their server next starts.')
    },
  }
}

async function sendMissing(
  {local, keeper}: PublishMaterials,
  files: readonly TreeFile[],
  context: StepContext,
): Promise<void> {
  const contents = distinct(files)
  const {here, freeBytes} = await keeper.missing(contents)
  const wanted = contents.flatMap((file, index) => {
    const from = here[index]
    return from === null || from === undefined ? [] : [{...file, from}]
  })
  const total = wanted.reduce((sum, {size, from}) => sum + size - from, 0)
  requireRoom(total, freeBytes)
  let done = 0
  for (const request of requestsFor(wanted)) {
    context.signal.throwIfAborted()
    context.report({done, total, unit: 'bytes'})
    const parts = request.map(async ({of, offset, length, isLast}) => ({
      ...of,
      offset,
      data: await readWhole(local, of, offset, length),
      isLast,
    }))
    const sent = await Promise.all(parts)
    await keeper.write(sent)
    done += sent.reduce((sum, {data}) => sum + data.length, 0)
  }
}

async function readWhole(local: LocalFiles, file: TreeFile, offset: number, length: number): Promise<Uint8Array> {
  const data = await local.readPlainBytes(file.local, offset, length)
  if (data.length === length) return data
  throw new JhubError('JHUB-E232', `${file.local} changed while it was copied`, {
    fix: 'Run the same command again: it continues where it stopped',
  })
}

/** Two files of one content are sent once. */
function distinct(files: readonly TreeFile[]): readonly TreeFile[] {
  return [...new Map(files.map((file) => [`${file.sha256} ${String(file.executable)}`, file])).values()]
}

function requireRoom(neededBytes: number, freeBytes: number): void {
  if (neededBytes === 0 || neededBytes + spareBytes <= freeBytes) return
  throw new JhubError(
    'JHUB-E209',
    `There is no room for the materials: ${formatRoughMemory(neededBytes)} to copy, ${formatRoughMemory(freeBytes)} free`,
    {fix: 'Free up some space on the disk of the hub, or take something out of the materials'},
  )
}

function tellLeftOut({leftOut}: Tree, context: StepContext): void {
  if (leftOut.length === 0) return
  const more = leftOut.length > 5 ? ` and ${String(leftOut.length - 5)} more` : ''
  context.note(`Left out of the materials (hidden, a link, or not a file): ${leftOut.slice(0, 5).join(', ')}${more}`)
}

function describe(files: readonly TreeFile[]): string {
  return `${String(files.length)} ${files.length === 1 ? 'file' : 'files'}`
}
