import {describe, expect, it} from 'vitest'
import {parseNotebook} from '../../../src/load/notebook.js'

const code = (source: unknown) => ({cell_type: 'code', source})
const read = (document: unknown) => parseNotebook(JSON.stringify(document), 'a.ipynb')

describe('a notebook', () => {
  it('is its cells of code in order, and the kernel that it names', () => {
    const cells = [
      {cell_type: 'markdown', source: '# Title'},
      code(['import math\n', 'math.pi']),
      code('  \n'),
      code('1 + 1'),
    ]
    expect(read({cells, metadata: {kernelspec: {name: 'ir'}}, nbformat: 4})).toEqual({
      name: 'a.ipynb',
      cells: ['import math\nmath.pi', '1 + 1'],
      kernel: 'ir',
    })
    expect(parseNotebook(`\uFEFF${JSON.stringify({cells: [code('1')]})}`, 'b.ipynb')).toEqual({
      name: 'b.ipynb',
      cells: ['1'],
    })
  })

  it.each([
    ['no JSON', 'print(1)', 'it is not a notebook of format 4'],
    ['an older format', '{"worksheets": [{"cells": []}], "nbformat": 3}', 'it is not a notebook of format 4'],
    ['a list', '[]', 'it is not a notebook of format 4'],
    ['only text', '{"cells": [{"cell_type": "markdown", "source": "x"}, null, 3]}', 'it has no cell with code'],
  ])('is refused for %s', (_, text, why) => {
    expect(() => parseNotebook(text, 'a.ipynb')).toThrow(`a.ipynb cannot be run: ${why}`)
  })
})
