import path from 'node:path'
import {Args, Flags} from '@oclif/core'
import {writeCards, type CardsFormat} from '../src/cli/cards/write-cards.js'
import {yesFlag} from '../src/cli/flags/flags.js'
import {cardsFlags} from '../src/cli/flags/cards-flags.js'
import {HubCommand} from '../src/cli/hub-command.js'
import {askToRenew} from '../src/cli/input/ask/ask-new-passwords.js'
import {readNames} from '../src/cli/input/read-input.js'
import {requireOneWay} from '../src/cli/input/require-one-way.js'
import {renderCards} from '../src/cli/render/user/render-cards.js'
import {definedOnly} from '../src/defined-only.js'
import {cards, type CardsResult} from '../src/hub/cards.js'

export default class Cards extends HubCommand {
  static override summary = 'Make cards to print and hand out: address, QR code, login and password.'
  static override description =
    'Prints eight cards on a page, with lines to cut along. The QR code opens the login page with the login filled in. A card shows the password that jhub made, until the person changes it; jhub neither knows nor changes a password that a person chose. The title and Wi-Fi line come from `workshop: {title, wifi}` in the settings file.'
  static override examples = [
    '<%= config.bin %> cards',
    '<%= config.bin %> cards --group class-a --format pdf,csv --output cards',
    {description: 'For somebody who came late', command: '<%= config.bin %> cards ana --output late'},
    {
      description: 'For people who use another address',
      command: '<%= config.bin %> cards --address https://hub.uni.example',
    },
  ]
  static override strict = false
  static override args = {
    names: Args.string({
      ignoreStdin: true,
      description: 'Names, or - for standard input. Default: everybody except admins.',
    }),
  }
  static override flags = {
    group: Flags.string({summary: 'Only members of this group.', helpValue: 'GROUP'}),
    ...cardsFlags,
    yes: yesFlag,
  }

  async run(): Promise<CardsResult & {readonly files: readonly string[]}> {
    const {flags, argv} = await this.parse(Cards)
    const context = this.context(flags)
    const words = argv.map(String)
    if (words.length > 0) requireOneWay(words, {group: flags.group !== undefined}, 'jhub cards ana')
    const names = words.length > 0 ? await readNames(context, words) : undefined
    const result = await cards(context, {
      ...definedOnly({group: flags.group, address: flags.address, names}),
      mayRenew: askToRenew(this.asker(flags), {
        isWanted: flags['new-passwords'],
        yes: flags.yes,
        signal: this.signal,
      }),
    })
    const directory = path.resolve(flags.output)
    const formats: readonly CardsFormat[] = flags.format
    const files = await writeCards(context, result, {directory, formats, paper: flags.paper})
    await this.show(renderCards(result, files))
    return {...result, files}
  }
}
