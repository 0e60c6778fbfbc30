import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageLogout} from '../../src/cli/render/image/render-image-login.js'
import {imageLogout, type ImageLogoutResult} from '../../src/hub/image/image-login.js'

export default class ImageLogout extends HubCommand {
  static override summary = "Remove the hub's account at a registry, here and in its cluster."
  static override description =
    'Running servers keep running. A node that does not have an image yet can no longer download it.'
  static override examples = ['<%= config.bin %> image logout ghcr.io']
  static override args = {
    registry: Args.string({ignoreStdin: true, description: "A registry. Default: the settings file's k8s.registry."}),
  }

  async run(): Promise<ImageLogoutResult> {
    const {flags, args} = await this.parse(ImageLogout)
    const result = await imageLogout(this.context(flags, 'tasks'), args.registry)
    await this.show(renderImageLogout(result))
    return result
  }
}
