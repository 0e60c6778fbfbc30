import path from 'node:path'
import {Flags} from '@oclif/core'
import {writeCards, type CardsFormat} from '../src/cli/cards/write-cards.js'
import {yesFlag} from '../src/cli/flags/flags.js'
import {addressFlag, formatsFlag} from '../src/cli/flags/cards-flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {requireYes} from '../src/cli/input/ask/ask.js'
import {renderCards} from '../src/cli/render/user/render-cards.js'
import {definedOnly} from '../src/defined-only.js'
import {cards, type CardsResult} from '../src/hub/cards.js'
import {listNames} from '../src/jupyterhub/list-names.js'

export default class Cards extends HubCommand {
  static override summary = 'Make cards to print and hand out: address, QR code, login and password.'
  static override description =
    'Prints eight cards on a page, with lines to cut along. The QR code opens the login page with the login filled in. A card shows the password that jhub made, until the person changes it; jhub neither knows nor changes a password that a person chose. The title and Wi-Fi line come from `workshop: {title, wifi}` in the settings file.'
  static override examples = [
    '<%= config.bin %> cards',
    '<%= config.bin %> cards --group class-a --format pdf,csv --output cards',
    {
      description: 'For people who use another address',
      command: '<%= config.bin %> cards --address https://hub.uni.example',
    },
  ]
  static override flags = {
    group: Flags.string({summary: 'Only members of this group. Default: everybody except admins.', helpValue: 'GROUP'}),
    output: Flags.string({summary: 'The directory to write the files to.', default: '.', helpValue: 'DIR'}),
    format: formatsFlag({default: ['html']}),
    paper: Flags.option({summary: 'The paper size.', options: ['a4', 'letter'] as const, default: 'a4'})(),
    address: addressFlag(),
    'new-passwords': Flags.boolean({
      summary:
        'Give a new password to people whose password jhub made on another computer. A password that a person chose stays.',
    }),
    yes: yesFlag,
  }

  async run(): Promise<CardsResult & {readonly files: readonly string[]}> {
    const {flags} = await this.parse(Cards)
    const context = this.context(flags)
    const result = await cards(context, {
      ...definedOnly({group: flags.group, address: flags.address}),
      mayRenew: async (logins) => {
        if (!flags['new-passwords']) return false
        const message = `This gives new passwords to ${listNames(logins)}; the old ones stop working, and they are logged out. Continue?`
        await requireYes(this.asker(flags), {message, yes: flags.yes, signal: this.signal})
        return true
      },
    })
    const directory = path.resolve(flags.output)
    const formats: readonly CardsFormat[] = flags.format
    const files = await writeCards(context, result, {directory, formats, paper: flags.paper})
    await this.show(renderCards(result, files))
    return {...result, files}
  }
}
