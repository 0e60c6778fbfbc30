import type {Step} from '../../../../steps/step.js'
import type {ImageBuilder} from '../../images/build/image-builder.js'

/** Takes away everything that was built for the hub, and what building it left on this machine. */
export function removeBuilds(builder: ImageBuilder): Step {
  return {
    title: 'Remove its images',
    async check() {
      const found = await builder.leftovers()
      return found.length === 0 ? undefined : {summary: `remove ${found.join(', ')}`, disturbs: 'live'}
    },
    apply: () => builder.clear(),
  }
}
