import {JhubError} from '../../src/errors.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {secretFileFlag} from '../../src/cli/flags/auth-flags.js'
import {askSecret, readSecretFile} from '../../src/cli/input/read-secret.js'
import {renderAuthSecret} from '../../src/cli/render/auth/render-auth.js'
import {authSecret, secretToAsk, type AuthSecretResult} from '../../src/hub/auth/auth-secret.js'

export default class AuthSecret extends HubCommand {
  static override summary = "Give the hub the client secret, or the room's password."
  static override description =
    "It is stored with the hub's other secrets, never in the settings file. A running hub restarts; servers keep running."
  static override examples = [
    {description: 'Type it; it is not shown', command: '<%= config.bin %> auth secret'},
    {
      description: 'From a file or another program',
      command: '<%= config.bin %> auth secret --secret-file - < secret.txt',
    },
  ]
  static override flags = {'secret-file': secretFileFlag}

  async run(): Promise<AuthSecretResult> {
    const {flags} = await this.parse(AuthSecret)
    const context = this.context(flags, 'tasks')
    const what = await secretToAsk(context)
    const file = flags['secret-file']
    const text = file === undefined ? await askSecret(this.asker(flags), what, this.signal) : await readSecretFile(file)
    if (text === undefined)
      throw new JhubError('JHUB-E104', `jhub cannot ask for ${what}`, {
        fix: 'jhub auth secret --secret-file PATH   # or - for standard input',
      })
    const result = await authSecret(context, text)
    await this.show(renderAuthSecret(result))
    return result
  }
}
