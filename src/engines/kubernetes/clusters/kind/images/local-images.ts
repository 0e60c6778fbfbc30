import type {Commands} from '../../../../../host/processes/commands.js'
import type {LocalImage} from '../../cluster.js'
import {shortName} from './node-store.js'

/** Which of these images this machine's Docker has. */
export async function findLocalImages(
  {run}: Pick<Commands, 'run'>,
  images: readonly string[],
): Promise<readonly LocalImage[]> {
  if (images.length === 0) return []
  const format = '{{json .Id}} {{json .Size}} {{json .RepoTags}} {{json .RepoDigests}}'
  const {stdout} = await run(['docker', 'image', 'inspect', '--format', format, ...images], {okExitCodes: [0, 1]})
  const found = stdout.split('\n').filter(Boolean).map(readImage)
  return images.flatMap((image) => {
    const local = found.find(({names}) => names.some((name) => shortName(name) === shortName(image)))
    return local === undefined ? [] : [{name: image, id: local.id, sizeBytes: local.sizeBytes}]
  })
}

function readImage(line: string): {readonly id: string; readonly sizeBytes: number; readonly names: readonly string[]} {
  const [id = '""', size = '0', tags = '[]', digests = '[]'] = line.split(' ')
  const list = (text: string) => (JSON.parse(text) as readonly string[] | null) ?? []
  return {id: JSON.parse(id) as string, sizeBytes: Number(size), names: [...list(tags), ...list(digests)]}
}
