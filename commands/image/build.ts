import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {definedOnly} from '../../src/defined-only.js'
import {imageBuild, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageBuild extends HubCommand {
  static override summary = 'Build the images of the settings file that are not built yet.'
  static override description = 'People who have the image get the new build when their server next starts.'
  static override examples = ['<%= config.bin %> image build', '<%= config.bin %> image build --dry-run']
  static override args = {name: Args.string({ignoreStdin: true, description: 'Build only this image.'})}
  static override flags = {'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageBuild)
    const result = await imageBuild(this.context(flags, 'tasks'), {
      ...definedOnly({name: args.name}),
      dryRun: flags['dry-run'],
    })
    await this.show(
      renderImageChange(result, {
        done: args.name === undefined ? 'All images are ready.' : `The image ${args.name} is ready.`,
      }),
    )
    return result
  }
}
