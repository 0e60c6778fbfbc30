import {HubCommand} from '../../src/cli/hub-command.js'
import {renderAuth} from '../../src/cli/render/auth/render-auth.js'
import {authShow, type AuthShowResult} from '../../src/hub/auth/auth-show.js'

export default class AuthShow extends HubCommand {
  static override summary = 'Show how people sign in, who can, and what to register at a provider.'
  static override examples = ['<%= config.bin %> auth show']

  async run(): Promise<AuthShowResult> {
    const {flags} = await this.parse(AuthShow)
    const result = await authShow(this.context(flags))
    await this.show(renderAuth(result))
    return result
  }
}
