import {Flags} from '@oclif/core'

export const rehearseFlags = {
  people: Flags.integer({
    summary: 'How many made-up people log in.',
    min: 1,
    max: 1000,
    helpValue: 'N',
    exactlyOne: ['people', 'clean'],
  }),
  clean: Flags.boolean({summary: 'Only remove what an earlier rehearsal left.'}),
  notebook: Flags.string({
    summary: 'The notebook that each of them runs. Default: a notebook of one cell.',
    helpValue: 'FILE',
    exclusive: ['clean'],
  }),
  over: Flags.string({summary: 'Spread their arrival evenly over this time.', default: '60s', helpValue: 'DURATION'}),
  keep: Flags.boolean({
    summary: 'Keep the made-up people and their servers, so that you can look at them.',
    default: false,
    exclusive: ['clean'],
  }),
  report: Flags.string({
    summary: 'Also write a page with graphs of people and memory.',
    helpValue: 'FILE',
    exclusive: ['clean'],
  }),
}
