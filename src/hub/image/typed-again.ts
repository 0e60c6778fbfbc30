import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import {normalName, requirementName} from '../../hub-spec/images/recipes/requirement.js'
import {shellWord} from '../../hub-spec/shell-word.js'

/** What engines say where only the settings file can be at fault; after a failed `image add` that file is as it was before. */
const fixInSettings = 'jhub config edit'

/** Why an image was not added, with what to type next: the same command with the name that was meant, or after a file was changed. */
export function typedAgain(error: unknown, name: string, image: NewImage): unknown {
  if (!(error instanceof JhubError) || !['JHUB-E221', 'JHUB-E301'].includes(error.code)) return error
  if (!error.suggestions.includes(fixInSettings)) return error
  const fix = nextCommand(error, name, image)
  if (fix === undefined) return error
  const {code, message, cause, details} = error
  return new JhubError(code, message, {fix, cause, ...definedOnly({details})})
}

function nextCommand({code, details}: JhubError, name: string, image: NewImage): string | undefined {
  const {packages = [], apt = []} = image
  const {missing, meant} = (details ?? {}) as {readonly missing?: string; readonly meant?: string}
  if (missing !== undefined && [...packages.map(requirementName), ...apt].includes(normalName(missing)))
    return commandInstead(name, image, {missing, meant: meant ?? 'ANOTHER-NAME'})
  const kind = (['requirements', 'project', 'environment'] as const).find((each) => image[each] !== undefined)
  if (kind === undefined) return packages.length === 0 ? undefined : 'Ask for other packages, or for other versions.'
  if (code === 'JHUB-E301') return `jhub image add ${name} --${kind} PATH   # one that is there`
  const what = missing === undefined || meant === undefined ? 'Change' : `Write ${meant} instead of ${missing} in`
  return `${what} ${image[kind] ?? ''}, then run the same command again`
}

function commandInstead(
  name: string,
  {packages = [], apt = [], base, python, description}: NewImage,
  {missing, meant}: {readonly missing: string; readonly meant: string},
): string {
  const flags = [
    ...renamed(packages, missing, meant).flatMap((each) => ['--package', each]),
    ...renamed(apt, missing, meant).flatMap((each) => ['--apt', each]),
    ...Object.entries({base, python, description}).flatMap(([flag, text]) =>
      text === undefined ? [] : [`--${flag}`, text],
    ),
  ]
  return ['jhub', 'image', 'add', name, ...flags].map(shellWord).join(' ')
}

function renamed(texts: readonly string[], missing: string, meant: string): readonly string[] {
  return texts.map((text) => (requirementName(text) === normalName(missing) ? meant + afterName(text) : text))
}

/** The extras and versions of `pandas[excel]>=2`. */
function afterName(text: string): string {
  return text.trim().replace(/^[A-Za-z0-9._-]+/, '')
}
