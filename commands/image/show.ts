import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImage} from '../../src/cli/render/image/render-images.js'
import {imageShow, type ImageShowResult} from '../../src/hub/image/image-show.js'

export default class ImageShow extends HubCommand {
  static override summary = 'Show one image: its packages, who has it and who runs it.'
  static override examples = ['<%= config.bin %> image show data']
  static override args = {name: Args.string({ignoreStdin: true, required: true, description: 'The image.'})}

  async run(): Promise<ImageShowResult> {
    const {flags, args} = await this.parse(ImageShow)
    const result = await imageShow(this.context(flags), args.name)
    await this.show(renderImage(result))
    return result
  }
}
