import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Step} from '../../../steps/step.js'
import {writeText} from '../../../steps/write-text.js'
import type {HubContext} from '../hub-context.js'

export function appliedFile(context: HubContext, hubName: string): string {
  return path.join(context.directories.state, hubName, 'applied.yaml')
}

/**
 * The spec that was last applied: who was in it and no longer is, is removed from the hub. A damaged copy is treated as
 * none, with a warning: then nobody is removed.
 */
export async function readApplied(context: HubContext, hubName: string): Promise<HubSpec | undefined> {
  const file = appliedFile(context, hubName)
  const source = await context.host.files.read(file)
  if (source === undefined) return undefined
  const {parseHubSpec} = await import('../../../hub-spec/parse-hub-spec.js')
  try {
    return parseHubSpec(source, file)
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    context.onEvent({
      type: 'warning',
      text: `${file} is damaged; \`jhub up\` writes it again. Users whom you removed from the settings file since the last run stay on the hub: see \`jhub user list\`.`,
    })
    return undefined
  }
}

/** Whether nothing of the spec was changed since it was last applied. */
export async function isApplied(
  context: HubContext,
  {spec, source}: {readonly spec: Pick<HubSpec, 'name'>; readonly source: string},
): Promise<boolean> {
  return (await context.host.files.read(appliedFile(context, spec.name))) === source
}

/** Keeps a copy of what the hub now is. */
export function recordApplied(context: HubContext, hubName: string, text: string): Step {
  const {files} = context.host
  const file = appliedFile(context, hubName)
  return writeText({title: 'Record what was applied', summary: 'record the settings as applied', files, file, text})
}
