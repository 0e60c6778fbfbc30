import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {imageScope, imageScopeFlags} from '../../src/cli/flags/image-flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/render-images.js'
import {imageUnset, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageUnset extends HubCommand {
  static override summary = 'Take an image away; the next wider rule counts again.'
  static override examples = [
    {description: 'Everybody', command: '<%= config.bin %> image unset'},
    {description: 'One person', command: '<%= config.bin %> image unset --user ana'},
  ]
  static override flags = {...imageScopeFlags, 'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags} = await this.parse(ImageUnset)
    const result = await imageUnset(this.context(flags, 'tasks'), {
      scope: imageScope(flags),
      dryRun: flags['dry-run'],
    })
    await this.show(renderImageChange(result))
    return result
  }
}
