import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {imageScope, imageScopeFlags} from '../../src/cli/flags/image-flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/render-images.js'
import {imageGive, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageUse extends HubCommand {
  static override summary = 'Give everybody, a group or a person an image.'
  static override description =
    "Their next server has it; servers that run go on as they are. A person's image wins over that of a group, and that over everybody's."
  static override examples = [
    {description: 'Everybody', command: '<%= config.bin %> image use data'},
    {description: 'A course', command: '<%= config.bin %> image use course --group class-a'},
    {description: 'One person', command: '<%= config.bin %> image use course --user ana'},
  ]
  static override args = {name: Args.string({required: true, description: 'The image.'})}
  static override flags = {...imageScopeFlags, 'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageUse)
    const result = await imageGive(this.context(flags, 'tasks'), {
      name: args.name,
      scope: imageScope(flags),
      dryRun: flags['dry-run'],
    })
    await this.show(renderImageChange(result))
    return result
  }
}
