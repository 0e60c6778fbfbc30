import {expect, it} from 'vitest'
import {topRows} from '../../../../src/cli/top-page/top-page.js'

it('shows no sign that colours, hides or turns round what stands beside it', () => {
  const dora = {
    user: 'dora',
    name: 'Dora \u202Earod\u0007',
    trouble: [{kind: 'server failed' as const, reason: '\u001B[31mred\u2066 \u202Eenog'}],
  }
  const rows = topRows({
    ...{hub: 'jhub', at: '2026-11-29T03:30:00Z', group: null, servers: [], others: [dora], oldCards: []},
    whole: {} as never,
    homes: {measuredAt: null, disk: null, notSeen: null},
    notSeen: null,
  })
  const [row] = rows.rows
  expect(row?.cells[1]?.text).toBe('Dora arod')
  expect(row?.cells.at(-1)?.text).toBe('server failed: red enog')
})
