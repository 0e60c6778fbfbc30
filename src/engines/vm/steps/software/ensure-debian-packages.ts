import {JhubError} from '../../../../errors.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import {RecipeError} from '../../../../hub-spec/images/recipes/recipe-error.js'
import {machinesWithDebianPackages} from '../../../../hub-spec/place/machine-name.js'
import type {Step} from '../../../../steps/step.js'
import type {Finding} from '../../../../findings/finding.js'
import type {Machine} from '../../machines/machine.js'
import {installDebianPackages, type DebianPlace} from '../../../images/install-debian-packages.js'
import {installedDebianPackages, namedDebianPackages} from '../../images/debian-packages.js'

type Place = Pick<Machine, 'run' | 'facts' | 'title'>

function debianOf(machine: Place): DebianPlace {
  const {networkEnvironment} = machine.facts
  const run: DebianPlace['run'] = (argv, options) => machine.run(argv, options)
  return {run, networkEnvironment, title: "The machine's Debian", where: 'on the machine of the hub'}
}

/**
 * The Debian packages that images name, on the machine itself. They are the same for all its images and stay when an image
 * goes, since others may use them: nothing is undone.
 */
export function ensureDebianPackages(machine: Place, spec: Pick<HubSpec, 'images'>): readonly Step[] {
  const named = [...namedDebianPackages(spec).keys()]
  if (named.length === 0) return []
  const missing = async () => {
    const there = await installedDebianPackages(machine)
    return named.filter((each) => there?.has(each) !== true)
  }
  return [
    {
      title: 'Install Debian packages',
      async check() {
        const wanted = await missing()
        if (wanted.length === 0) return undefined
        const refusal = refusalOf(machine)
        const not = refusal === undefined ? '' : ` (not possible: ${refusal})`
        return {summary: `install the Debian packages ${wanted.join(', ')}${not}`, disturbs: 'live'}
      },
      async apply(context) {
        const refusal = refusalOf(machine) ?? (await debianRefusal(machine))
        if (refusal !== undefined)
          throw new RecipeError('JHUB-E200', `No Debian packages can be installed: ${refusal}`, {
            key: 'apt',
            otherwise: otherMachine,
          })
        await installDebianPackages(debianOf(machine), {
          names: await missing(),
          signal: context.signal,
          report: (text) => {
            context.report(text)
          },
        })
        const [virtual] = await missing()
        if (virtual !== undefined)
          throw new JhubError('JHUB-E221', `apt-get installed ${virtual}, and no package of that name is there`, {
            fix: `apt-cache show ${virtual}   # on the machine of the hub: name a package that provides it`,
          })
      },
    },
  ]
}

/** Whether the machine has the Debian packages of the images, or can have them; nothing where no image names one. */
export async function debianPackageFindings(
  machine: Place,
  spec: Pick<HubSpec, 'images'>,
): Promise<readonly Finding[]> {
  const named = namedDebianPackages(spec)
  if (named.size === 0) return []
  const check = 'Debian packages'
  const refusal = refusalOf(machine) ?? (await debianRefusal(machine))
  if (refusal !== undefined)
    return [{check, state: 'problem', found: refusal, needed: [...named.keys()].join(', '), fix: refusalFix}]
  const there = await installedDebianPackages(machine)
  const missing = [...named].filter(([name]) => there?.has(name) !== true)
  if (missing.length === 0) return [{check, state: 'ok', found: [...named.keys()].join(', ')}]
  const images = [...new Set(missing.flatMap(([, names]) => names))]
  return [
    {
      check,
      state: 'warning',
      found: `not installed: ${missing.map(([name]) => name).join(', ')}`,
      needed: images.length === 1 ? `by the image ${images.join()}` : `by the images ${images.join(', ')}`,
      fix: 'jhub up   # installs them',
    },
  ]
}

const otherMachine = `set vm.machine to ${machinesWithDebianPackages}`
const refusalFix = `jhub config edit   # take apt out of the images, or ${otherMachine}`

function refusalOf({facts, title}: Place): string | undefined {
  return facts.takesDebianPackages === true ? undefined : `jhub installs none on the ${title} machine`
}

async function debianRefusal(machine: Place): Promise<string | undefined> {
  return (await installedDebianPackages(machine)) === undefined
    ? 'the machine has no apt: it is neither Debian nor Ubuntu'
    : undefined
}
