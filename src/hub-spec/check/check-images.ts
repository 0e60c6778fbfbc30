import {namedUsers, type HubDocument} from '../hub-spec.js'
import {isImageName, recipeKinds, type ImageDocument} from '../images-spec.js'
import {nearest} from '../nearest.js'
import {requirementProblem} from '../requirement.js'
import type {DocumentProblem} from './check-hub-document.js'

/** Names of images that lead nowhere, and recipes that cannot be built. */
export function checkImages(document: HubDocument): readonly DocumentProblem[] {
  return [
    ...Object.entries(document.images ?? {}).flatMap(([name, image]) => checkImage(document, name, image)),
    ...checkUses(document),
    ...checkChoose(document),
  ]
}

const later = 'is not built yet in this version of jhub'

function checkImage({mode, k8s}: HubDocument, name: string, image: ImageDocument): readonly DocumentProblem[] {
  const path = ['images', name]
  if (!isImageName(name))
    return [{path, problem: 'must be a lower-case letter, then letters, digits and "-", at most 31'}]
  if (mode === 'k8s' && (k8s?.cluster ?? 'kind') !== 'kind')
    return [
      {
        path,
        problem: `${later} for a cluster that jhub did not make; "k8s.image" names one image for everybody`,
      },
    ]
  const given = recipeKinds.filter((kind) => image[kind] !== undefined)
  const [kind] = given
  if (kind === undefined) return [{path, problem: 'has no recipe; say "packages: [pandas]" or "requirements: FILE"'}]
  if (given.length > 1) return [{path, problem: `has ${given.join(' and ')}; an image has one recipe`}]
  const refused = [
    ...(kind === 'packages' || kind === 'requirements'
      ? []
      : [{path: [...path, kind], problem: `${whyNot(mode, kind)}; say packages or requirements`}]),
    ...(['python', 'apt'] as const).flatMap((key) =>
      image[key] === undefined ? [] : [{path: [...path, key], problem: `${later}; take it out`}],
    ),
  ]
  return [...refused, ...checkPackages([...path, 'packages'], image.packages ?? [])]
}

function whyNot(mode: HubDocument['mode'], kind: (typeof recipeKinds)[number]): string {
  return mode === 'vm' && (kind === 'build' || kind === 'oci')
    ? 'is a container image, which mode vm does not run'
    : later
}

function checkPackages(path: readonly string[], packages: readonly string[]): readonly DocumentProblem[] {
  return packages.flatMap((text, index): DocumentProblem[] => {
    const problem = requirementProblem(text)
    return problem === undefined ? [] : [{path: [...path, index], problem}]
  })
}

function checkUses({images, image, users, groups}: HubDocument): readonly DocumentProblem[] {
  const known = Object.keys(images ?? {})
  const isList = Array.isArray(users)
  return [
    {path: ['image'], image},
    ...Object.entries(groups ?? {}).map(([name, entry]) => ({path: ['groups', name, 'image'], image: entry?.image})),
    ...(isList ? [] : namedUsers(users)).map(([name, entry]) => ({
      path: ['users', name, 'image'],
      image: entry?.image,
    })),
  ].flatMap(({path, image: name}): DocumentProblem[] => {
    if (name === undefined || known.includes(name)) return []
    const suggestion = nearest(name, known)
    return [
      {
        path,
        problem: `there is no image "${name}" under "images"`,
        ...(suggestion === undefined ? {} : {suggestion}),
      },
    ]
  })
}

function checkChoose({choose, users, groups}: HubDocument): readonly DocumentProblem[] {
  const problem = `${later}; name one "image"`
  return [
    ...(choose === undefined ? [] : [{path: ['choose'], problem}]),
    ...Object.entries(groups ?? {}).flatMap(([name, entry]) =>
      entry?.choose === undefined ? [] : [{path: ['groups', name, 'choose'], problem}],
    ),
    ...(Array.isArray(users) ? [] : namedUsers(users)).flatMap(([name, entry]) =>
      entry?.choose === undefined ? [] : [{path: ['users', name, 'choose'], problem}],
    ),
  ]
}
