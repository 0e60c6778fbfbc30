import {JhubError} from '../../errors.js'
import {setMaterials} from '../../hub-spec/edit/edit-files.js'
import {readApplied} from '../session/spec/applied-spec.js'
import {changeSpec, type SpecChangeResult} from '../session/spec/change-spec.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {requireDone} from '../session/require-done.js'
import {seenFromSpec} from '../session/spec/seen-from-spec.js'
import {readStored} from '../session/spec/read-stored.js'
import {loadSpec} from '../session/spec/spec-store.js'
import type {Step} from '../../steps/step.js'

export interface PushOptions {
  /** A directory, as it was typed. Default: that of the settings file. */
  readonly directory?: string
  readonly dryRun: boolean
}

export interface PushResult {
  /** Where the materials are on this computer. */
  readonly directory: string
  readonly outcome: 'pushed' | 'planned'
  readonly changes: SpecChangeResult['changes']
}

/**
 * Shows people the materials as they are on this computer now; a directory that is given becomes the one of the settings file.
 * Throws `JHUB-E100` where none is named, `JHUB-E301` for one that is not there, `JHUB-E204` before the first `up`.
 */
export async function push(context: HubContext, {directory, dryRun}: PushOptions): Promise<PushResult> {
  const {file, source} = await loadSpec(context)
  const edit = (text: string) =>
    directory === undefined ? text : setMaterials(text, seenFromSpec(context, file, directory))
  const wanted = readStored(file, edit(source))
  const {materials} = wanted.spec.files
  if (materials === undefined)
    throw new JhubError('JHUB-E100', `${file} does not say where the materials are`, {fix: 'jhub files push DIRECTORY'})
  const {files} = context.host
  if ((await files.stat(await files.realPath(materials)))?.kind !== 'directory')
    throw new JhubError('JHUB-E301', `There is no directory ${materials}`, {fix: `mkdir ${materials}`})
  const {engine} = await openHub(context, wanted)
  if (engine.steps.materials === undefined)
    throw new JhubError('JHUB-E100', `${engine.title}: jhub shows people no materials there`, {
      fix: 'jhub files send FILE --all',
    })
  if ((await readApplied(context, wanted.spec.name)) === undefined)
    throw new JhubError('JHUB-E204', `The hub ${wanted.spec.name} has not been started yet`, {fix: 'jhub up'})
  const {hub, changes} = await changeSpec(context, {
    edit,
    finish: materialsOf,
    dryRun,
  })
  if (!dryRun)
    await requireDone(materialsOf(hub), 'People do not see the materials as they are here', 'jhub files push   # again')
  return {directory: materials, outcome: dryRun ? 'planned' : 'pushed', changes}
}

function materialsOf({engine, spec}: OpenHub): readonly Step[] {
  return engine.steps.materials?.(spec) ?? []
}
