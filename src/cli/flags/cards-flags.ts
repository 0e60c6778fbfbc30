import {Flags} from '@oclif/core'
import {JhubError} from '../../errors.js'
import type {CardsFormat} from '../cards/write-cards.js'

const formats: readonly CardsFormat[] = ['html', 'pdf', 'csv']

/** One or more of the formats, with commas between them. */
const formatsFlag = Flags.custom<readonly CardsFormat[]>({
  summary: 'html, pdf (needs Chromium, Chrome or Edge on this computer) or csv; separate several with commas.',
  helpValue: 'FORMATS',
  parse: (text) => Promise.resolve(text.split(',').map(parseFormat)),
})

/** The address that people type, in place of the one that the hub has here. */
const addressFlag = Flags.custom({
  summary: 'The address on the cards. Default: the one for people in the room.',
  helpValue: 'URL',
  parse: (text) => Promise.resolve(parseAddress(text)),
})

/** How cards look and where they are written, and the passwords on them. */
export const cardsFlags = {
  output: Flags.string({summary: 'The directory to write the files to.', default: '.', helpValue: 'DIR'}),
  format: formatsFlag({default: ['html']}),
  paper: Flags.option({summary: 'The paper size.', options: ['a4', 'letter'] as const, default: 'a4'})(),
  address: addressFlag(),
  'new-passwords': Flags.boolean({
    summary:
      'Give a new password to people whose password jhub made on another computer. A password that a person chose stays.',
  }),
}

function parseFormat(text: string): CardsFormat {
  const format = formats.find((each) => each === text.trim().toLowerCase())
  if (format !== undefined) return format
  throw new JhubError('JHUB-E100', `"${text}" is not a card format`, {fix: `One or more of: ${formats.join(', ')}`})
}

function parseAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return text
  throw new JhubError('JHUB-E100', `"${text}" is not an address`, {fix: '--address https://hub.uni.example'})
}
