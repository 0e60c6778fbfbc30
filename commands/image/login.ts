import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {asker} from '../../src/cli/input/ask/ask.js'
import {askRegistryAccount} from '../../src/cli/input/ask/ask-registry-account.js'
import {renderImageLogin} from '../../src/cli/render/render-image-login.js'
import {imageLogin, registryToAsk, type ImageLoginResult} from '../../src/hub/image/image-login.js'

export default class ImageLogin extends HubCommand {
  static override summary = 'Give the hub an account of a registry of container images.'
  static override description =
    "For a cluster that jhub did not make. Images are pushed with the account, and the cluster's nodes download with it. The registry tries it first; then it is kept with the hub's other secrets, and in the cluster as the pull secret of servers."
  static override examples = [
    {description: 'The registry of the settings file; you are asked', command: '<%= config.bin %> image login'},
    {
      description: 'From a file or another program',
      command: '<%= config.bin %> image login ghcr.io --user ana --password-file - < token.txt',
    },
    {description: 'The account of docker login', command: '<%= config.bin %> image login ghcr.io --from-docker'},
  ]
  static override args = {
    registry: Args.string({ignoreStdin: true, description: "A registry. Default: the settings file's k8s.registry."}),
  }
  static override flags = {
    user: Flags.string({summary: 'The name of the account.', helpValue: 'NAME'}),
    'password-file': Flags.string({
      summary: 'A file with its password or token, or - for standard input. Without it, you are asked.',
      helpValue: 'PATH',
      dependsOn: ['user'],
    }),
    'from-docker': Flags.boolean({
      summary: 'Takes the account that docker login keeps on this computer.',
      exclusive: ['user', 'password-file'],
    }),
  }

  async run(): Promise<ImageLoginResult> {
    const {flags, args} = await this.parse(ImageLogin)
    const context = this.context(flags, 'tasks')
    const wanted = await registryToAsk(context, args.registry)
    const account = flags['from-docker']
      ? 'of docker login'
      : await askRegistryAccount(asker(flags), wanted, {
          user: flags.user,
          passwordFile: flags['password-file'],
          signal: this.signal,
        })
    const result = await imageLogin(context, {registry: wanted.registry, account})
    await this.show(renderImageLogin(result))
    return result
  }
}
