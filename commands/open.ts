import {HubCommand} from '../src/cli/hub-command.js'
import {openInBrowser} from '../src/cli/screen/open-in-browser.js'
import {findUrl} from '../src/hub/session/find-url.js'

export default class Open extends HubCommand {
  static override summary = 'Open the hub in the browser, and print its address.'
  static override examples = ['<%= config.bin %> open']

  async run(): Promise<{readonly url: string}> {
    const {flags} = await this.parse(Open)
    const {url, closed} = await findUrl(this.context(flags))
    await this.show(url)
    if (!this.jsonEnabled()) await openInBrowser(url)
    if (closed !== undefined) this.logToStderr('The hub is reached through here. Ctrl-C ends it.')
    await closed
    return {url}
  }
}
