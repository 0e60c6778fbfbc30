import path from 'node:path'
import {JhubError} from '../../errors.js'
import {parseOwner} from '../../hub-spec/hub-owner.js'
import {ownerFile} from '../session/ownership/claim-hub.js'
import type {HubContext} from '../session/hub-context.js'
import {readStored, type StoredSpec} from '../session/spec/read-stored.js'
import {locateSpec, saveSpec} from '../session/spec/spec-store.js'
import {withLock} from '../session/with-lock.js'

export interface ConfigEditResult {
  readonly spec: string
  readonly changed: boolean
}

/** The person who edits. */
export interface Editor {
  /** Opens a file and waits until the person has closed it. */
  edit(file: string): Promise<void>
  /** Tells what is wrong with the text, and asks whether to open it again. */
  again(problem: string): Promise<boolean>
}

/**
 * Has the person edit a draft of the spec, which takes the spec's place only when it is right. Whatever ends the editing, a
 * text that was changed and not saved stays in the draft, and the next edit goes on from it. Throws `JHUB-E407` where the
 * spec was changed since the draft was begun: saving it would undo that.
 */
export async function configEdit(context: HubContext, editor: Editor): Promise<ConfigEditResult> {
  return withLock(context, async () => {
    const {files} = context.host
    const {file} = await locateSpec(context)
    const source = await files.read(file)
    if (source === undefined)
      throw new JhubError('JHUB-E301', `There is no settings file at ${file}`, {fix: ['jhub up', 'jhub init']})
    const places = {file, draft: besideSpec(file, 'draft'), base: besideSpec(file, 'draft-base')}
    await beginDraft(context, places, source)
    try {
      const edited = await editUntilRight(context, editor, places)
      if (edited !== source && (await files.read(file)) !== source) throw changedMeanwhile(places)
      const stored = edited === source ? undefined : readStored(file, edited)
      if (stored !== undefined) await saveSpec(context, stored)
      await forgetDraft(context, places)
      if (stored !== undefined) await tellOtherOwner(context, stored)
      return {spec: file, changed: edited !== source}
    } catch (error) {
      if ((await files.read(places.draft)) === source) {
        await forgetDraft(context, places)
        throw error
      }
      throw withDraft(error, places.draft)
    }
  })
}

interface Places {
  readonly file: string
  readonly draft: string
  /** What the spec said when the draft was begun. */
  readonly base: string
}

async function beginDraft({host: {files}, onEvent}: HubContext, places: Places, source: string): Promise<void> {
  const {draft, base} = places
  if ((await files.read(draft)) === undefined) {
    await files.write(base, source, {mode: 0o600})
    await files.write(draft, source, {mode: 0o600})
    return
  }
  const before = await files.read(base)
  if (before !== undefined && before !== source) throw changedMeanwhile(places)
  // A person who removed it goes on all the same, from here.
  if (before === undefined) await files.write(base, source, {mode: 0o600})
  onEvent({type: 'note', text: `This is the text from last time, which was not saved (${draft}).`})
}

async function forgetDraft({host: {files}}: HubContext, {draft, base}: Places): Promise<void> {
  await files.remove(draft)
  await files.remove(base)
}

function changedMeanwhile({file, draft, base}: Places): JhubError {
  return new JhubError(
    'JHUB-E407',
    `${file} changed after you began your text in ${draft}, so it was not overwritten`,
    {
      fix: [
        `diff ${base} ${file}   # shows what changed in the meantime`,
        `rm ${base}   # then \`jhub config edit\` goes on with your text alone`,
        `rm ${draft}   # discards your text`,
      ],
    },
  )
}

async function editUntilRight({host: {files}}: HubContext, editor: Editor, {file, draft}: Places): Promise<string> {
  for (;;) {
    await editor.edit(draft)
    const text = (await files.read(draft)) ?? ''
    const problem = problemOf(file, text)
    if (problem === undefined) return text
    if (!(await editor.again(problem.message))) throw problem
  }
}

/** The file may be edited whoever the hub belongs to: but it then changes nothing of it. */
async function tellOtherOwner(context: HubContext, {file, spec}: StoredSpec): Promise<void> {
  const {files} = context.host
  const owner = parseOwner(await files.read(ownerFile(context, spec.name)))
  if (owner === undefined || owner.file === (await files.realPath(file))) return
  context.onEvent({
    type: 'warning',
    text: `The hub ${spec.name} belongs to ${owner.file}: \`jhub up\` with this file does not change it.`,
  })
}

/** Beside the spec and hidden, so that no verb takes it for a hub's. */
function besideSpec(file: string, what: string): string {
  return path.join(path.dirname(file), `.${path.basename(file, '.yaml')}.${what}.yaml`)
}

function withDraft(error: unknown, draft: string): JhubError {
  if (error instanceof JhubError && error.code === 'JHUB-E407') return error
  const code = error instanceof JhubError ? error.code : 'JHUB-E130'
  const isStoppedPrompt = error instanceof Error && error.name === 'ExitPromptError'
  return new JhubError(code, `${whyLeft(error)}The settings file was not changed. Your text is in ${draft}`, {
    fix: ['jhub config edit   # goes on with your text', `rm ${draft}   # discards it`],
    ...(error instanceof JhubError || isStoppedPrompt ? {} : {cause: error}),
  })
}

/** What is wrong with the text was told before the question whether to go on. */
function whyLeft(error: unknown): string {
  if (!(error instanceof JhubError)) return 'Interrupted\n'
  return error.code === 'JHUB-E101' ? '' : `${error.message}\n`
}

function problemOf(file: string, text: string): JhubError | undefined {
  try {
    readStored(file, text)
    return undefined
  } catch (error) {
    if (error instanceof JhubError) return error
    throw error
  }
}
