import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import {problemsOf} from '../../hub-spec/document/spec-problem.js'
import type {NewImage} from '../../hub-spec/edit/edit-images.js'
import {RecipeError, type RecipeFault} from '../../hub-spec/images/recipes/recipe-error.js'
import {normalName, requirementName} from '../../hub-spec/images/recipes/requirement.js'
import {shellWord} from '../../hub-spec/shell-word.js'

/**
 * Why an image was not added, with what to type next: the same command with the name that was meant, or after a file was
 * changed. The settings file is as it was before, so nothing in it can be at fault.
 */
export function typedAgain(error: unknown, name: string, image: NewImage): unknown {
  if (error instanceof RecipeError) return withTypedFix(error, name, image)
  return refusedFlags(error, name) ?? error
}

function withTypedFix(error: RecipeError, name: string, image: NewImage): JhubError {
  const {code, message, cause, fault, details, elsewhere} = error
  const fix = nextCommand(fault, name, image)
  if (fix === undefined) return error
  const more = elsewhere === undefined ? [] : [elsewhere]
  return new JhubError(code, message, {fix: [...more, fix], cause, ...definedOnly({details})})
}

/** Keys of an image that are flags of this command. */
const flagKeys = ['packages', 'requirements', 'project', 'environment', 'build', 'oci', 'apt', 'base', 'python']

/** What the settings file cannot say of this image was typed as a flag; `undefined` where something else is wrong. */
function refusedFlags(error: unknown, name: string): JhubError | undefined {
  const problems = problemsOf(error)
  if (problems.length === 0) return undefined
  const sentences = problems.map(({path, problem}) => {
    const [images, image, key = '', ...rest] = path.split('.')
    if (images !== 'images' || image !== name || !flagKeys.includes(key) || rest.length > 1) return undefined
    return `--${key === 'packages' ? 'package' : key} ${problem}`
  })
  if (sentences.includes(undefined)) return undefined
  return new JhubError('JHUB-E100', `The image ${name} cannot be added: ${sentences.join('; ')}`, {
    fix: 'jhub image add --help',
  })
}

function nextCommand(fault: RecipeFault, name: string, image: NewImage): string | undefined {
  const {packages = [], apt = [], oci} = image
  const {missing, meant, isNotThere, key, otherwise} = fault
  if (key !== undefined) return image[key] === undefined ? undefined : leaveOut(key, otherwise)
  if (missing !== undefined && [...packages.map(requirementName), ...apt].includes(normalName(missing)))
    return commandInstead(name, image, {missing, meant: meant ?? 'ANOTHER-NAME'})
  const kind = (['requirements', 'project', 'environment', 'build'] as const).find((each) => image[each] !== undefined)
  if (kind !== undefined && isNotThere === true) return `jhub image add ${name} --${kind} PATH   # one that is there`
  const typed = kind === undefined ? undefined : image[kind]
  if (typed !== undefined) {
    const what = missing === undefined || meant === undefined ? 'Change' : `Write ${meant} instead of ${missing} in`
    return `${what} ${typed}, then run the same command again`
  }
  if (oci !== undefined) return `jhub image add ${name} --oci ANOTHER-IMAGE`
  return packages.length === 0 ? undefined : 'Ask for other packages, or for other versions.'
}

function leaveOut(key: string, otherwise: string | undefined): string {
  return `Leave --${key} out${otherwise === undefined ? '' : `, or ${otherwise}`}`
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
