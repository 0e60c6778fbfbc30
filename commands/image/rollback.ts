import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {imageRollback, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageRollback extends HubCommand {
  static override summary = 'Go back to the packages that an image had before.'
  static override description =
    'Nothing is downloaded. The earlier packages stay until the recipe changes or you run `jhub image update`. A second rollback undoes the first.'
  static override examples = ['<%= config.bin %> image rollback data']
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'The image.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageRollback)
    const result = await imageRollback(this.context(flags, 'tasks'), {name: args.name, dryRun: flags['dry-run']})
    await this.show(renderImageChange(result, {done: `The image ${args.name} is back to its earlier build.`}))
    return result
  }
}
