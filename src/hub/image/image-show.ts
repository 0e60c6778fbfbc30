import {noSuchImage} from '../../hub-spec/edit/edit-images.js'
import {imageUse, type ImageUses} from '../../hub-spec/images/resolve-image.js'
import type {HubContext} from '../session/hub-context.js'
import {openHub} from '../session/open-hub.js'
import {describeRecipe} from './image-list.js'
import {runningImages} from './running-images.js'

export interface ImageShowResult {
  readonly image: string
  readonly recipe: string
  readonly description: string | null
  readonly use: ImageUses
  /** People whose server runs from a build of it. */
  readonly running: readonly string[]
  /** What its next server is started from; `null`: it is not built. */
  readonly build: string | null
  readonly isHubRunning: boolean
  /** As they are installed, by name. */
  readonly packages: Readonly<Record<string, string>>
  /** `null`: its build cannot be looked at from here; the packages are then those of its lock. */
  readonly kernels: readonly string[] | null
  /** Of the disk, in bytes; `null` where it cannot be measured from here. */
  readonly sizeBytes: number | null
  /** Of these, what no other software of the hub has in common with it; `null` where that cannot be told. */
  readonly ownBytes: number | null
  /** Earlier builds to which it can go back. */
  readonly earlier: number
}

/** One image: what is in it, read from where it stands, who has it and who runs it. Throws `JHUB-E302`. */
export async function imageShow(context: HubContext, name: string): Promise<ImageShowResult> {
  const hub = await openHub(context)
  const image = hub.spec.images.get(name)
  if (image === undefined) throw noSuchImage(name, [...hub.spec.images.keys()])
  const [seen, running, api] = await Promise.all([
    hub.engine.images?.look(hub.spec, name),
    runningImages(hub),
    hub.connect(),
  ])
  return {
    image: name,
    recipe: describeRecipe(image),
    description: image.description ?? null,
    use: imageUse(hub.spec, name),
    running: running.filter((each) => each.image === name).map(({user}) => user),
    build: seen?.reference ?? null,
    isHubRunning: api !== undefined,
    packages: Object.fromEntries([...(seen?.packages ?? [])].toSorted()),
    kernels: seen?.kernels ?? null,
    sizeBytes: seen?.disk?.bytes ?? null,
    ownBytes: seen?.disk?.ownBytes ?? null,
    earlier: seen?.earlier ?? 0,
  }
}
