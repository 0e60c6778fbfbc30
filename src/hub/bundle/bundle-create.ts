import path from 'node:path'
import {writeBundle} from '../../bundle/write-bundle.js'
import {definedOnly} from '../../defined-only.js'
import type {GatheredBundle} from '../../engines/engine.js'
import {JhubError} from '../../errors.js'
import {runSteps} from '../../steps/run-steps.js'
import type {Step} from '../../steps/step.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {requireChosen} from '../session/require-chosen.js'
import {withLock} from '../session/with-lock.js'
import {bundlePlace} from './bundle-place.js'
import {requireBundles} from './require-bundles.js'

export interface BundleOptions {
  /** The file to write. Default: `jhub-NAME-bundle.tar` in the current directory. */
  readonly output?: string
  /** Of this jhub. */
  readonly version: string
}

export interface BundleResult {
  readonly hub: string
  readonly file: string
  readonly bytes: number
  /** The machines that it is for. */
  readonly platform: string
  readonly architecture: string
  /** Of the machines; absent in a cluster, whose images have their own. */
  readonly python?: string
  /** What is in it. */
  readonly contents: readonly string[]
}

/**
 * Writes one file with all that `up` takes from the internet for this hub. Throws `JHUB-E204` while the hub is not there,
 * `JHUB-E222` where packages of an image are not chosen, `JHUB-E402` when the file is there.
 */
export async function bundleCreate(context: HubContext, options: BundleOptions): Promise<BundleResult> {
  const {host, asked, signal, onEvent} = context
  return withLock(context, async () => {
    const hub = await openHub(context)
    const keeper = requireBundles(hub)
    const output = path.resolve(asked.currentDirectory, options.output ?? `jhub-${hub.spec.name}-bundle.tar`)
    if ((await host.files.stat(output)) !== undefined)
      throw new JhubError('JHUB-E402', `${output} already exists`, {fix: `rm ${output}   # or --output ANOTHER`})
    const into = path.dirname(output)
    if ((await host.files.stat(into)) === undefined)
      throw new JhubError('JHUB-E100', `There is no directory ${into} to write the bundle into`, {
        fix: `mkdir -p ${into}`,
      })
    await requireChosen(hub, 'a bundle takes only packages that have been chosen')
    const place = await bundlePlace(context)
    let gathered: GatheredBundle | undefined
    let bytes = 0
    const gather = always('Gather what the hub needs', async (step) => {
      await host.files.remove(place)
      await host.files.makeDirectory(place, {mode: 0o700})
      gathered = await keeper.gather(hub.spec, place, {
        signal: step.signal,
        report: (text) => step.report(text),
      })
    })
    const write = always('Write the bundle', async ({signal: until}) => {
      if (gathered === undefined) return
      const {files, ...facts} = gathered
      const manifest = {...facts, jhub: options.version, made: new Date(host.clock.now()).toISOString()}
      bytes = await writeBundle(host, {manifest, files, output}, until)
    })
    try {
      await runSteps([gather, write], {signal, onEvent, keepOnFailure: true})
    } finally {
      await host.files.remove(place)
    }
    return describe(hub, output, bytes, gathered)
  })
}

function describe(hub: OpenHub, file: string, bytes: number, gathered: GatheredBundle | undefined): BundleResult {
  const {platform = '', architecture = ''} = gathered ?? {}
  const python = gathered?.mode === 'vm' ? gathered.python : undefined
  const contents = gathered === undefined ? [] : contentsOf(gathered)
  return {hub: hub.spec.name, file, bytes, platform, architecture, ...definedOnly({python}), contents}
}

function contentsOf(gathered: GatheredBundle): readonly string[] {
  const repository = gathered.content === undefined ? [] : [`the repository ${gathered.content}`]
  if (gathered.mode === 'vm') {
    const {locks, image} = gathered
    return [...Object.keys(locks), ...(image === undefined ? [] : [`the docker machine ${image}`]), ...repository]
  }
  const {chart, images, nodeImage} = gathered
  const charts = chart === undefined ? [] : [`the chart ${chart.source}`]
  return ['kind', 'helm', ...charts, `nodes of ${nodeImage}`, ...Object.keys(images), ...repository]
}

function always(title: string, apply: Step['apply']): Step {
  return {title, check: () => Promise.resolve({summary: title, disturbs: 'live'}), apply}
}
