import {definedOnly} from '../../../defined-only.js'
import {JhubError, outputOf} from '../../../errors.js'
import {nearest} from '../../../hub-spec/document/nearest.js'
import {RecipeError, type RecipeFault} from '../../../hub-spec/images/recipes/recipe-error.js'
import {normalName} from '../../../hub-spec/images/recipes/requirement.js'
import {installedAs, usualPackages} from '../../../hub-spec/images/recipes/usual-packages.js'
import {translateInstallError} from './install-error.js'
import {outOfMemory} from './out-of-memory.js'

export interface Resolving {
  readonly image: string
  /** What jhub itself asks for, as `jupyterhub==6.1.1`. */
  readonly own: readonly string[]
  /** What requires it: `jhub itself needs`. */
  readonly owner?: string
}

/**
 * Why packages cannot be had together, in one sentence from uv's words: `JHUB-E221`; where the index or the disk is at fault
 * as when packages are installed; anything else as it was.
 */
export function translateResolveError(error: unknown, resolving: Resolving): unknown {
  const {image} = resolving
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  const said = outputOf(error)
  const words = flatten(said)
  const starved = outOfMemory(error, `the image ${image}`)
  if (starved !== undefined) return starved
  if (!/^Because |No solution found|Failed to build|build backend/i.test(words))
    return translateInstallError(error, `the image ${image}`)
  const {sentence, fix, fault} = explain(words, resolving)
  const message = `The image ${image} cannot be built: ${sentence}`
  const cause = new Error(words)
  return fix === undefined
    ? new RecipeError('JHUB-E221', message, {cause, ...fault})
    : new JhubError('JHUB-E221', message, {cause, fix})
}

type Owning = Pick<Resolving, 'own' | 'owner'>

/** uv's words in one line, without what it draws around them. */
function flatten(said: string): string {
  const words = said
    .replace(/[│├╰─▶×]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const start = words.indexOf('Because ')
  return start === -1 ? words : words.slice(start)
}

interface Explained {
  readonly sentence: string
  /** Absent: the recipe has to be changed, and that is all that is known. */
  readonly fix?: string
  readonly fault?: RecipeFault
}

const requirement = String.raw`[A-Za-z0-9][\w.-]*(?:\[[^\]]*\]|\{[^}]*\})?\s?(?:[<>=!~]=?=?[^\s]*)?`

function explain(words: string, own: Owning): Explained {
  const look = (pattern: string) => new RegExp(pattern).exec(words)?.slice(1).map(tidy)
  const [missing] = look(`Because (\\S+) was not found in the package registry`) ?? []
  if (missing !== undefined) {
    const suggestion = meantPackage(missing)
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
    return {
      sentence: `the package index has no package ${missing}${hint}`,
      fault: {missing, ...definedOnly({meant: suggestion})},
    }
  }
  const [version] =
    look(`there (?:is|are) no versions? of (${requirement})`) ??
    look(`only \\S+ (?:is|are) available and you require (${requirement})`) ??
    []
  if (version !== undefined)
    return {sentence: `the package index has no ${version}`, fix: 'Ask for another version, or for any.'}
  const [one, other] = look(`you require (${requirement}) and (${requirement}), we can conclude`) ?? []
  if (one !== undefined && other !== undefined && nameOf(one) === nameOf(other))
    return {sentence: `${whoAsks(one, own)}, and ${whoAsks(other, own)}`, fix: 'Ask for one of them only.'}
  if (one !== undefined && other !== undefined) return twoOfMany(words, one, other)
  const [wheel] = look(`Because (${requirement}) has no wheels with a matching`) ?? []
  if (wheel !== undefined)
    return {sentence: `${wheel} is not made for the Python of the machine`, fix: 'Ask for a newer version, or for any.'}
  const [python, needs, excluded] =
    look(`requested Python version \\(>=([^)]*)\\) does not satisfy (Python\\S+) and (?:all of: )?(${requirement}) `) ??
    []
  if (python !== undefined && needs !== undefined && excluded !== undefined)
    return {
      sentence: `${askedAs(excluded, words)} needs ${needs}, and the image has Python ${python}`,
      fix: 'Ask for another version, or give the image another Python (--python; in a cluster --base).',
    }
  const [needer, needed, asked] =
    look(`Because (${requirement}) depends on (${requirement}) and you require (${requirement}), we`) ?? []
  if (needer !== undefined && needed !== undefined && asked !== undefined)
    return disagreement(words, {needer, needed, asked}, own)
  const [failed] = look('Failed to (?:build|download and build) `?([^`\\s]+)') ?? []
  if (failed !== undefined)
    return {
      sentence: `${failed} has to be built from source, and that failed`,
      fix: 'Ask for a version that has a wheel.',
    }
  return {sentence: lowerFirst(words)}
}

/** A package as the recipe asks for it, where it does. */
function askedAs(text: string, words: string): string {
  const asked = [...words.matchAll(new RegExp(`you require (${requirement}), we can conclude`, 'g'))]
  return asked.map(([, each = '']) => tidy(each)).find((each) => nameOf(each) === nameOf(text)) ?? text
}

/** Two of what is asked for that no versions have together: what one of them needs of the other is in uv's conclusions. */
function twoOfMany(words: string, one: string, other: string): Explained {
  const fix = 'Ask for another version of one of them, or for any.'
  const needs = [...words.matchAll(new RegExp(`(${requirement}) depends on (${requirement})`, 'g'))]
    .map(([, needer = '', needed = '']) => [tidy(needer), tidy(needed)] as const)
    .findLast(([, needed]) => [one, other].some((each) => nameOf(each) === nameOf(needed)))
  const why = needs === undefined ? '' : `: ${needs[0]} needs ${needs[1]}`
  return {sentence: `${one} and ${other} cannot be installed together${why}`, fix}
}

interface Disagreement {
  readonly needer: string
  readonly needed: string
  readonly asked: string
}

/** Who needs what, and who asks for something else: the last may be in a later sentence of uv's. */
function disagreement(words: string, {needer, needed, asked}: Disagreement, own: Owning): Explained {
  const fix = 'Ask for another version of one of them, or for any.'
  if (nameOf(asked) === nameOf(needed)) return {sentence: `${needer} needs ${needed}, and ${whoAsks(asked, own)}`, fix}
  const later = [...words.matchAll(new RegExp(`you require (${requirement}), we can conclude`, 'g'))]
    .map(([, text = '']) => tidy(text))
    .find((text) => nameOf(text) === nameOf(needed))
  if (later !== undefined) return {sentence: `${needer} needs ${needed}, and ${whoAsks(later, own)}`, fix}
  return {sentence: lowerFirst(words), fix}
}

function whoAsks(text: string, {own, owner = 'jhub itself needs'}: Owning): string {
  return own.includes(text) ? `${owner} ${text}` : `the recipe asks for ${text}`
}

function meantPackage(name: string): string | undefined {
  const normal = normalName(name)
  return installedAs[normal] ?? nearest(normal, usualPackages)
}

function nameOf(text: string): string {
  return normalName(/^[A-Za-z0-9._-]+/.exec(text)?.[0] ?? '')
}

function tidy(text: string): string {
  return text
    .replace(/\{[^}]*\}/g, '')
    .replace(/[,.]$/, '')
    .trim()
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
