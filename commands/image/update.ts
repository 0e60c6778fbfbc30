import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {definedOnly} from '../../src/defined-only.js'
import {imageUpdate, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageUpdate extends HubCommand {
  static override summary = 'Give an image, or all, the newest packages that its recipe allows.'
  static override description = 'Running servers keep their build. A server uses the new one when it next starts.'
  static override examples = [
    {description: 'What would change', command: '<%= config.bin %> image update data --dry-run'},
    {description: 'All images', command: '<%= config.bin %> image update'},
  ]
  static override args = {name: Args.string({ignoreStdin: true, description: 'The image. Default: all images.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageUpdate)
    const result = await imageUpdate(this.context(flags, 'tasks'), {
      ...definedOnly({name: args.name}),
      dryRun: flags['dry-run'],
    })
    await this.show(
      renderImageChange(
        result,
        args.name === undefined
          ? {
              done: 'All images are up to date.',
              nothing: 'Nothing to change: all images have the newest packages that their recipes allow.',
            }
          : {
              done: `The image ${args.name} is up to date.`,
              nothing: `Nothing to change: the image ${args.name} has the newest packages that its recipe allows.`,
            },
      ),
    )
    return result
  }
}
