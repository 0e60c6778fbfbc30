import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageList} from '../../src/cli/render/image/render-images.js'
import {imageList, type ImageListResult} from '../../src/hub/image/image-list.js'

export default class ImageList extends HubCommand {
  static override summary = 'List images, who has them and who runs them.'
  static override examples = ['<%= config.bin %> image list']

  async run(): Promise<ImageListResult> {
    const {flags} = await this.parse(ImageList)
    const result = await imageList(this.context(flags))
    await this.show(renderImageList(result))
    return result
  }
}
