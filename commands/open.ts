import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {openInBrowser} from '../src/cli/screen/open-in-browser.js'
import {findRoomUrl, findUrl, type FoundUrl} from '../src/hub/session/find-url.js'

export default class Open extends HubCommand {
  static override summary = 'Open the hub in the browser, and print its address.'
  static override examples = [
    '<%= config.bin %> open',
    {description: 'The address for people in the room, as a code for phones', command: '<%= config.bin %> open --qr'},
  ]
  static override flags = {
    qr: Flags.boolean({summary: 'Show the address for other people as a QR code, and open no browser.'}),
  }

  async run(): Promise<Pick<FoundUrl, 'url' | 'addresses'>> {
    const {flags} = await this.parse(Open)
    const context = this.context(flags)
    if (flags.qr) {
      const {url, addresses} = await findRoomUrl(context)
      const {renderQrCode} = await import('../src/cli/render/render-qr-code.js')
      await this.show(`${renderQrCode(url, {hasColors: process.stdout.isTTY && process.stdout.hasColors()})}\n${url}`)
      return {url, addresses}
    }
    const {url, addresses, closed} = await findUrl(context)
    await this.show(url)
    if (!this.jsonEnabled()) await openInBrowser(url)
    if (closed !== undefined) this.logToStderr('This computer forwards the hub to that address until Ctrl-C.')
    await closed
    return {url, addresses}
  }
}
