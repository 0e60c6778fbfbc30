import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {chooseFlag, imageScope, imageScopeFlags, scopeWords} from '../../src/cli/flags/image-flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {imageOffer} from '../../src/hub/image/image-choice.js'
import {imageGive, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageUse extends HubCommand {
  static override summary = 'Give everybody, a group or a person an image, or let them choose it.'
  static override description =
    "Takes effect when a server next starts; running servers keep what they have. A person's image wins over a group's, and a group's over everybody's. With --choose they keep what they have, and a page asks them when their server starts."
  static override examples = [
    {description: 'Everybody', command: '<%= config.bin %> image use data'},
    {description: 'A course', command: '<%= config.bin %> image use course --group class-a'},
    {description: 'One person', command: '<%= config.bin %> image use course --user ana'},
    {description: 'One more to choose from', command: '<%= config.bin %> image use r --choose'},
  ]
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'The image.'})}
  static override flags = {...imageScopeFlags, choose: chooseFlag, 'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageUse)
    const change = flags.choose ? imageOffer : imageGive
    const scope = imageScope(flags)
    const result = await change(this.context(flags, 'tasks'), {name: args.name, scope, dryRun: flags['dry-run']})
    const gets = flags.choose ? 'can choose' : 'has'
    const done = `When their server next starts, ${scopeWords(scope)} ${gets} the image ${args.name}.`
    await this.show(renderImageChange(result, {done}))
    return result
  }
}
