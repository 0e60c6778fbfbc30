import {Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderBundle} from '../../src/cli/render/render-bundle.js'
import {definedOnly} from '../../src/defined-only.js'
import {bundleCreate, type BundleResult} from '../../src/hub/bundle/bundle-create.js'

export default class BundleCreate extends HubCommand {
  static override summary =
    'Write one file with everything that `jhub up` would download, for a computer without internet.'
  static override description =
    'The hub must be up: its machine downloads the packages of JupyterHub, JupyterLab and the images of the settings file. Of a kind cluster the bundle has kind, helm, the chart, the node image and all images of hub and servers. `jhub up --bundle FILE` uses that file and no network, on a machine of the same kind.'
  static override examples = [
    '<%= config.bin %> bundle create',
    {
      description: 'Write it to a USB stick',
      command: '<%= config.bin %> bundle create --output /media/stick/class.tar',
    },
    {
      description: 'Use it on a computer without internet',
      command: '<%= config.bin %> up --bundle /media/stick/class.tar',
    },
  ]
  static override flags = {
    output: Flags.string({
      summary: 'The file to write. Default: jhub-NAME-bundle.tar in this directory.',
      helpValue: 'FILE',
    }),
  }

  async run(): Promise<BundleResult> {
    const {flags} = await this.parse(BundleCreate)
    const result = await bundleCreate(this.context(flags, 'tasks'), {
      version: this.config.version,
      ...definedOnly({output: flags.output}),
    })
    await this.show(renderBundle(result))
    return result
  }
}
