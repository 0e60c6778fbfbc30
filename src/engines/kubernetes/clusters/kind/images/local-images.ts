import type {Commands} from '../../../../../host/processes/commands.js'
import type {LocalImage} from '../../cluster.js'
import {imageDigest} from '../../../images/image-digest.js'
import {shortName} from './node-store.js'

/** Which of these images this machine's Docker has. */
export async function findLocalImages(
  {run}: Pick<Commands, 'run'>,
  images: readonly string[],
): Promise<readonly LocalImage[]> {
  if (images.length === 0) return []
  const format =
    '[{{json .Id}},{{json .Size}},{{json .RepoTags}},{{json .RepoDigests}},{{json .Created}},{{json .RootFS.Layers}}]'
  const {stdout} = await run(['docker', 'image', 'inspect', '--format', format, ...images], {okExitCodes: [0, 1]})
  const found = stdout.split('\n').filter(Boolean).map(readImage)
  return images.flatMap((name) => {
    const local = found.find(({names}) => names.some((each) => shortName(each) === shortName(name)))
    return local === undefined ? [] : [{name, ...local.image}]
  })
}

interface Inspected {
  readonly image: Omit<LocalImage, 'name'>
  readonly names: readonly string[]
}

type Line = readonly [
  id: string,
  sizeBytes: number,
  tags: readonly string[] | null,
  digests: readonly string[] | null,
  created: string,
  layers: readonly string[] | null,
]

function readImage(line: string): Inspected {
  const [id, sizeBytes, tags, digests, created, layers] = JSON.parse(line) as Line
  const contents = imageDigest({created, layers: layers ?? []})
  return {image: {id, sizeBytes, contents}, names: [...(tags ?? []), ...(digests ?? [])]}
}
