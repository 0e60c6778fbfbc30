import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageLogout} from '../../src/cli/render/render-image-login.js'
import {imageLogout, type ImageLogoutResult} from '../../src/hub/image/image-login.js'

export default class ImageLogout extends HubCommand {
  static override summary = "Take a registry's account away from the hub, here and in its cluster."
  static override description = 'Running servers go on. A node that does not have an image yet cannot download it then.'
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
