import {normalName, requirementLines, requirementProblem} from '../images/recipes/requirement.js'
import type {Taken} from './tljh-words.js'

/** A package of TLJH's user environment, in which servers run. */
export interface TljhPackage {
  readonly name: string
  readonly version: string
  /** Who put it there: `index` is pip, from the package index; `address` is pip, from a repository, a file or a web address. */
  readonly from: 'index' | 'conda' | 'address'
}

/** What installs packages, and TLJH needs for itself. */
const installers = ['pip', 'setuptools', 'wheel', 'conda', 'mamba', 'libmambapy']

/** The name of the image in the spec. */
const imageName = 'tljh'

/**
 * An image of what was installed there beside what jhub installs itself (`own`, by normal names), for everybody, as TLJH has it.
 * What has no hash in the package index is left out and told.
 */
export function takePackages(found: readonly TljhPackage[], own: ReadonlySet<string>): Taken {
  const others = found.filter(({name}) => !own.has(name) && !installers.includes(name)).toSorted(byName)
  const of = (from: TljhPackage['from']) => others.filter((each) => sourceOf(each) === from)
  const [packages, conda, addresses] = [of('index'), of('conda'), of('address')]
  const names = (list: readonly TljhPackage[]) => list.map(({name}) => name).join(', ')
  return {
    keys: packages.length === 0 ? {} : {image: imageName, images: {[imageName]: {packages: packages.map(pinOf)}}},
    notes: [
      ...(packages.length === 0
        ? []
        : [
            `The packages of TLJH's servers are the image ${imageName}, in the same versions, and everybody has it. Where one of them cannot be had with this JupyterLab or this Python, \`jhub up\` names it: change it under images.${imageName}.`,
          ]),
      ...(conda.length === 0
        ? []
        : [
            `Packages that conda installed are left out (${names(conda)}): name those that courses need in an environment.yml, then \`jhub image add NAME --environment environment.yml\`, or add them from the package index: \`jhub image add ${imageName} --package NAME\`.`,
          ]),
      ...(addresses.length === 0
        ? []
        : [
            `Packages from an address or a file are left out (${names(addresses)}): they have no hash by which they are known again.`,
          ]),
    ],
  }
}

/** The packages of what `pip freeze` wrote. What conda built stands there with a file of the computer that built it. */
export function readFreeze(text: string): readonly TljhPackage[] {
  return requirementLines(text).flatMap(({text: line}): readonly TljhPackage[] => {
    const [, name, version] = /^([A-Za-z0-9][\w.-]*)==(\S+)$/.exec(line) ?? []
    if (name !== undefined && version !== undefined) return [{name: normalName(name), version, from: 'index'}]
    const [, other, address = ''] = /^(?:-e\s+)?([A-Za-z0-9][\w.-]*)\s*@\s*(\S+)/.exec(line) ?? []
    if (other !== undefined)
      return [{name: normalName(other), version: '', from: isOfConda(address) ? 'conda' : 'address'}]
    const [, egg = line] = /#egg=([\w.-]+)/.exec(line) ?? []
    return [{name: egg, version: '', from: 'address'}]
  })
}

function pinOf({name, version}: TljhPackage): string {
  return `${name}==${version}`
}

/** What pip could not be asked for again by its version came from elsewhere. */
function sourceOf(found: TljhPackage): TljhPackage['from'] {
  return found.from === 'index' && requirementProblem(pinOf(found)) !== undefined ? 'address' : found.from
}

/** As conda's own builds leave it. */
function isOfConda(address: string): boolean {
  return address.startsWith('file:///') && /\/(?:conda-bld|croot|feedstock_root|work)(?:\/|$)/.test(address)
}

function byName(one: TljhPackage, other: TljhPackage): number {
  return one.name < other.name ? -1 : 1
}
