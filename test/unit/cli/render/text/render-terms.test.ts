import {expect, it} from 'vitest'
import {renderTerms} from '../../../../../src/cli/render/text/render-terms.js'

const terms = [
  ['3', 'Something that the command needs is missing.'],
  ['130', 'Interrupted.'],
] as const

it('terms stand beside what they mean', () => {
  const lines = '3    Something that the command needs is missing.\n130  Interrupted.'
  expect(renderTerms(terms, Infinity)).toBe(lines)
  expect(renderTerms(terms, 80)).toBe(lines)
})

it('what they mean is broken between words, below itself', () => {
  expect(renderTerms(terms, 37)).toBe('3    Something that the command needs\n     is missing.\n130  Interrupted.')
})

it('what they mean stands below long terms', () => {
  const variables = [['UV_INDEX_URL, UV_DEFAULT_INDEX', 'A package index of your own, or of your company.']] as const
  expect(renderTerms(variables, 40)).toBe(
    'UV_INDEX_URL, UV_DEFAULT_INDEX\n  A package index of your own, or of\n  your company.',
  )
})

it('terms in wide characters take the columns that a terminal draws', () => {
  expect(
    renderTerms(
      [
        ['名前', 'ana'],
        ['ab', 'ben'],
      ],
      80,
    ),
  ).toBe('名前  ana\nab    ben')
})
