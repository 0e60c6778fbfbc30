import {Args} from '@oclif/core'
import {HubCommand} from '../../src/cli/hub-command.js'
import {describeErrors, renderErrors, type ErrorPage} from '../../src/cli/help/help-pages.js'

export default class HelpErrors extends HubCommand {
  static override summary = 'Explain every error code, or one.'
  static override examples = ['<%= config.bin %> help errors', '<%= config.bin %> help errors JHUB-E200']
  static override args = {code: Args.string({ignoreStdin: true, description: 'One code.'})}

  async run(): Promise<ErrorPage> {
    const {args} = await this.parse(HelpErrors)
    const page = describeErrors(args.code)
    await this.show(renderErrors(page))
    return page
  }
}
