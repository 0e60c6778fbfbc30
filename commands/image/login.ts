import {Args, Flags} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {askRegistryAccount} from '../../src/cli/input/ask/ask-registry-account.js'
import {renderImageLogin} from '../../src/cli/render/image/render-image-login.js'
import {imageLogin, registryToAsk, type ImageLoginResult} from '../../src/hub/image/image-login.js'

export default class ImageLogin extends HubCommand {
  static override summary = 'Give the hub an account at a container registry.'
  static override description =
    "For a cluster that jhub did not create. jhub pushes images with the account, and the cluster's nodes download them with it. jhub first tries the account with the registry. Then it stores the account with the hub's other secrets, and in the cluster as the servers' pull secret."
  static override examples = [
    {
      description: 'For the registry in the settings file; jhub asks for the account',
      command: '<%= config.bin %> image login',
    },
    {
      description: 'From a file or another program',
      command: '<%= config.bin %> image login ghcr.io --user ana --password-file - < token.txt',
    },
    {description: 'Use the account of docker login', command: '<%= config.bin %> image login ghcr.io --from-docker'},
  ]
  static override args = {
    registry: Args.string({ignoreStdin: true, description: "A registry. Default: the settings file's k8s.registry."}),
  }
  static override flags = {
    user: Flags.string({summary: "The account's user name.", helpValue: 'NAME'}),
    'password-file': Flags.string({
      summary: "A file with the account's password or token, or - for standard input. Without it, you are asked.",
      helpValue: 'PATH',
      dependsOn: ['user'],
    }),
    'from-docker': Flags.boolean({
      summary: 'Use the account that docker login stored on this computer.',
      exclusive: ['user', 'password-file'],
    }),
  }

  async run(): Promise<ImageLoginResult> {
    const {flags, args} = await this.parse(ImageLogin)
    const context = this.context(flags, 'tasks')
    const wanted = await registryToAsk(context, args.registry)
    const account = flags['from-docker']
      ? 'of docker login'
      : await askRegistryAccount(this.asker(flags), wanted, {
          user: flags.user,
          passwordFile: flags['password-file'],
          signal: this.signal,
        })
    const result = await imageLogin(context, {registry: wanted.registry, account})
    await this.show(renderImageLogin(result))
    return result
  }
}
