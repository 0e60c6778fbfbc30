import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {imageRemove, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageRemove extends HubCommand {
  static override summary = 'Remove an image that nobody has.'
  static override examples = ['<%= config.bin %> image remove data']
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'The image.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageRemove)
    const result = await imageRemove(this.context(flags, 'tasks'), {name: args.name, dryRun: flags['dry-run']})
    await this.show(renderImageChange(result, {done: `Removed the image ${args.name}.`}))
    return result
  }
}
