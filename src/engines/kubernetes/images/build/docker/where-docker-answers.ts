import type {Docker} from '../../../../../host/docker/docker.js'
import type {ImageBuilder} from '../image-builder.js'

/** The same builder for a hub that runs elsewhere: where no Docker answers here, nothing of it is here to be seen. */
export function whereDockerAnswers(builder: ImageBuilder, docker: Pick<Docker, 'look'>): ImageBuilder {
  let looked: Promise<boolean> | undefined
  const answers = () => (looked ??= docker.look().then((found) => !('silent' in found)))
  const none = async <T>(look: () => Promise<readonly T[]>) => ((await answers()) ? look() : [])
  return {
    ...builder,
    builds: () => none(() => builder.builds()),
    leftovers: () => none(() => builder.leftovers()),
    look: async (reference) => ((await answers()) ? builder.look(reference) : undefined),
    async clear() {
      if (await answers()) await builder.clear()
    },
  }
}
