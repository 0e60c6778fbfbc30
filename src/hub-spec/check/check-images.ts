import {definedOnly} from '../../defined-only.js'
import {clusterFacts, defaultCluster} from '../place/cluster-name.js'
import {clusterImageName, hasClusterImage, withClusterImage} from '../images/cluster-image.js'
import {debianPackageProblem} from '../images/recipes/debian-package.js'
import {namedUsers, type HubDocument} from '../hub-spec.js'
import {isImageReference} from '../images/image-reference.js'
import {imageNameProblem, recipeKinds, type ImageDocument} from '../images/images-document.js'
import {machineFacts, machinesWithDebianPackages} from '../place/machine-name.js'
import {nearest} from '../document/nearest.js'
import {requirementProblem} from '../images/recipes/requirement.js'
import type {DocumentProblem} from './document-problem.js'

/** Names of images that nothing has, and recipes that cannot be built. */
export function checkImages(document: HubDocument): readonly DocumentProblem[] {
  return [
    ...Object.entries(document.images ?? {}).flatMap(([name, image]) => checkImage(document, name, image)),
    ...checkClusterImage(document),
    ...checkUses(document),
  ]
}

/** `k8s.image` is read as an image, whose name nothing else can have then. */
function checkClusterImage(document: HubDocument): readonly DocumentProblem[] {
  const {mode, k8s, images} = document
  if (mode !== 'k8s') return []
  const isTaken = hasClusterImage(document) && images?.[clusterImageName] !== undefined
  return [
    ...checkReference(['k8s', 'image'], k8s?.image),
    ...(isTaken
      ? [{path: ['images', clusterImageName], problem: 'is the name of the image in k8s.image; take another name'}]
      : []),
  ]
}

/** Recipes that are container images already. */
const containerRecipes: readonly (typeof recipeKinds)[number][] = ['build', 'oci']

const whole = 'has no effect on a container image; remove it'

function checkImage(document: HubDocument, name: string, image: ImageDocument): readonly DocumentProblem[] {
  const {mode, k8s} = document
  const path = ['images', name]
  const nameProblem = imageNameProblem(name)
  if (nameProblem !== undefined) return [{path, problem: nameProblem}]
  const given = recipeKinds.filter((kind) => image[kind] !== undefined)
  // An image of Debian packages alone is one of packages.
  const kind = given[0] ?? (image.apt === undefined ? undefined : 'packages')
  if (kind === undefined) return [{path, problem: 'has no recipe; add "packages: [pandas]" or "requirements: FILE"'}]
  if (given.length > 1) return [{path, problem: `has ${given.join(' and ')}; an image has one recipe`}]
  const refused = [
    ...(mode === 'vm' && containerRecipes.includes(kind)
      ? [
          {
            path: [...path, kind],
            problem: 'is a container image, which mode vm does not run; say packages, requirements or project',
          },
        ]
      : []),
    ...checkDebianPackages([...path, 'apt'], document, image),
    ...checkPython([...path, 'python'], kind, image.python),
    ...checkBase([...path, 'base'], {mode, kind, base: image.base}),
    ...(mode === 'k8s' && kind !== 'oci' ? checkWay(name, k8s) : []),
  ]
  return [
    ...refused,
    ...checkPackages([...path, 'packages'], image.packages ?? []),
    ...checkReference([...path, 'oci'], image.oci),
  ]
}

/** What is built on this computer has to come to nodes that are elsewhere. */
function checkWay(image: string, k8s: HubDocument['k8s']): readonly DocumentProblem[] {
  const {cluster = defaultCluster, registry} = k8s ?? {}
  if (clusterFacts(cluster).isMadeByJhub || registry !== undefined) return []
  return [
    {
      path: ['k8s', 'registry'],
      problem: `is missing: the image ${image} is built on this computer, and the nodes of ${cluster} do not get it from there; say "registry: ghcr.io/MY-TEAM", a registry that they reach, or name an image that is in one by "oci"`,
    },
  ]
}

function checkDebianPackages(
  path: readonly string[],
  {mode, vm}: HubDocument,
  image: ImageDocument,
): readonly DocumentProblem[] {
  const {apt} = image
  if (apt === undefined) return []
  if (mode === 'k8s' && (image.oci ?? image.build) !== undefined) return [{path, problem: whole}]
  if (mode === 'vm' && !machineFacts(vm?.machine ?? 'auto').takesDebianPackages)
    return [
      {
        path,
        problem: `is not for the process machine, where jhub installs no Debian packages; remove it, or set vm.machine to ${machinesWithDebianPackages}`,
      },
    ]
  return apt.flatMap((text, index): DocumentProblem[] => {
    const problem = debianPackageProblem(text)
    return problem === undefined ? [] : [{path: [...path, index], problem}]
  })
}

/** JupyterHub and JupyterLab run with no older one. */
const oldestPython = 10

function checkPython(
  path: readonly string[],
  kind: (typeof recipeKinds)[number],
  version: string | undefined,
): readonly DocumentProblem[] {
  if (version === undefined) return []
  if (kind === 'environment') return [{path, problem: 'is for packages; name python under dependencies in the file'}]
  if (containerRecipes.includes(kind))
    return [{path, problem: 'has no effect on a container image, which has its own; remove it'}]
  return Number(version.slice(2)) >= oldestPython
    ? []
    : [{path, problem: `is ${version}, and JupyterHub needs 3.${String(oldestPython)} or newer`}]
}

interface BaseGiven {
  readonly mode: HubDocument['mode']
  readonly kind: (typeof recipeKinds)[number]
  readonly base: string | undefined
}

function checkBase(path: readonly string[], {mode, kind, base}: BaseGiven): readonly DocumentProblem[] {
  if (base === undefined) return []
  if (mode === 'vm') return [{path, problem: 'is a container image, which mode vm does not run; remove it'}]
  if (containerRecipes.includes(kind)) return [{path, problem: whole}]
  return checkReference(path, base)
}

function checkReference(path: readonly string[], text: string | undefined): readonly DocumentProblem[] {
  if (text === undefined || isImageReference(text)) return []
  return [
    {
      path,
      problem: `"${text}" is not the reference of a container image, such as quay.io/jupyter/scipy-notebook:2026-11-02`,
    },
  ]
}

function checkPackages(path: readonly string[], packages: readonly string[]): readonly DocumentProblem[] {
  return packages.flatMap((text, index): DocumentProblem[] => {
    const problem = requirementProblem(text)
    return problem === undefined ? [] : [{path: [...path, index], problem}]
  })
}

interface Named {
  readonly path: readonly (string | number)[]
  readonly image: string
}

function checkUses(document: HubDocument): readonly DocumentProblem[] {
  const known = Object.keys(withClusterImage(document).images ?? {})
  const lists = imageRules(document).map(({path, choose = []}) =>
    choose.map((image, index): Named => ({path: [...path, 'choose', index], image})),
  )
  const given = imageRules(document).flatMap(({path, image}): readonly Named[] =>
    image === undefined ? [] : [{path: [...path, 'image'], image}],
  )
  return [
    ...[...given, ...lists.flat()].flatMap(({path, image}): DocumentProblem[] => {
      if (known.includes(image)) return []
      const suggestion = nearest(image, known)
      return [
        {
          path,
          problem:
            image === 'standard'
              ? 'is what people have without an image; remove it'
              : `there is no image "${image}" under "images"`,
          ...definedOnly({suggestion}),
        },
      ]
    }),
    ...lists.flatMap((list) =>
      list.flatMap(({path, image}, index): DocumentProblem[] =>
        list.slice(0, index).some((each) => each.image === image)
          ? [{path, problem: `names the image "${image}" a second time`}]
          : [],
      ),
    ),
  ]
}

interface ImageRule {
  readonly path: readonly string[]
  readonly image?: string | undefined
  readonly choose?: readonly string[] | undefined
}

/** Everywhere that somebody is given an image, or a choice of them. */
function imageRules({image, choose, users, groups}: HubDocument): readonly ImageRule[] {
  return [
    {path: [], image, choose},
    ...Object.entries(groups ?? {}).map(([name, entry]) => ({path: ['groups', name], ...entry})),
    ...(Array.isArray(users) ? [] : namedUsers(users)).map(([name, entry]) => ({path: ['users', name], ...entry})),
  ]
}
