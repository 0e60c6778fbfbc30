import {Flags} from '@oclif/core'
import {HubCommand} from '../src/cli/hub-command.js'
import {whyAlone} from '../src/cli/render/hub/render-addresses.js'
import {openInBrowser} from '../src/cli/screen/open-in-browser.js'
import {
  findAdminLink,
  findContentLink,
  findRoomUrl,
  findUrl,
  type AdminLink,
  type FoundUrl,
} from '../src/hub/session/find-url.js'

export default class Open extends HubCommand {
  static override summary = 'Open the hub in the browser, and print its address.'
  static override examples = [
    '<%= config.bin %> open',
    {description: 'Show a QR code for people in the room', command: '<%= config.bin %> open --qr'},
    {description: 'Print the link for an e-mail or a slide', command: '<%= config.bin %> open --content'},
    {description: 'Let an admin in when nobody can sign in', command: '<%= config.bin %> open --admin'},
  ]
  static override flags = {
    admin: Flags.boolean({summary: 'Print a link that lets an admin in once, within ten minutes.'}),
    as: Flags.string({summary: 'Which admin, if there are several.', dependsOn: ['admin'], helpValue: 'NAME'}),
    content: Flags.boolean({summary: 'Print the link to the repository of the course.', exclusive: ['admin', 'qr']}),
    qr: Flags.boolean({summary: 'Show the address for others as a QR code, without a browser.', exclusive: ['admin']}),
  }

  async run(): Promise<FoundUrl | AdminLink> {
    const {flags} = await this.parse(Open)
    const context = this.context(flags)
    if (flags.admin) {
      const link = await findAdminLink(context, flags.as)
      await this.showFile(link.url)
      this.logToStderr(
        `It lets ${link.name} in once, and expires after ten minutes. Keep it to yourself: whoever opens it first is admin.`,
      )
      return link
    }
    if (flags.content) {
      const {url, addresses} = await findContentLink(context)
      await this.showFile(url)
      if (addresses.others.length === 0) this.logToStderr(whyAlone(addresses))
      return {url, addresses}
    }
    if (flags.qr) {
      const {url, addresses} = await findRoomUrl(context)
      const {renderQrCode} = await import('../src/cli/render/text/render-qr-code.js')
      await this.showDrawing(renderQrCode(url, {hasColors: process.stdout.isTTY && process.stdout.hasColors()}))
      await this.showFile(url)
      return {url, addresses}
    }
    const {url, addresses, closed} = await findUrl(context)
    await this.showFile(url)
    if (!this.jsonEnabled()) await openInBrowser(url)
    if (closed !== undefined) this.logToStderr('This computer forwards the hub to that address until Ctrl-C.')
    await closed
    return {url, addresses}
  }
}
