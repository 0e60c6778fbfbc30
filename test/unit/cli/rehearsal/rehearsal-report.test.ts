import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {marks} from '../../../../src/cli/rehearsal/draw-curves.js'
import {renderReport} from '../../../../src/cli/rehearsal/report-page.js'
import {measured} from '../../../../src/hub/rehearse/rehearsal-result.js'
import {smallestNotebook} from '../../../../src/load/notebook.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const spec = parseHubSpec('version: 1\nname: jhub\nmode: vm\nusers:\n  ana: {admin: true}\n')
const visit = (name: string, cause?: string) => ({
  name,
  arrivedMs: 0,
  done: {login: 100, server: 900, 'first cell': 1400, notebook: 1500},
  took: {login: 100, server: 800, 'first cell': 500, notebook: 600},
  ...(cause === undefined ? {} : {failure: {stage: 'notebook' as const, cause}}),
})
const page = (cause?: string) =>
  renderReport(
    measured({
      driven: {visits: [visit('p1'), visit('p2', cause)], loginPageMs: [12], lastedMs: 1500},
      usage: {
        notSeen: null,
        samples: [
          {atMs: 0, servers: 0, memoryBytes: 0, largestBytes: 0, cores: 0, coreSeconds: 0, memoryKills: 0, hub: null},
          {
            atMs: 1000,
            servers: 2,
            memoryBytes: 3e8,
            largestBytes: 2e8,
            cores: 1.5,
            coreSeconds: 2,
            memoryKills: 0,
            hub: {memoryBytes: 2e8, cores: 0.7},
          },
        ],
      },
      ownCoreSeconds: 0.1,
      notRemoved: null,
      hub: {spec},
      status: {memory: {totalBytes: 8 * 1024 ** 3}, cpu: {cores: 2}},
      url: 'http://127.0.0.1:8000/',
      options: {people: 2, notebook: smallestNotebook, overMs: 1000, keep: false},
    }),
    new Date('2026-11-26T09:00:00Z'),
  )

describe('the report of a rehearsal', () => {
  it('is one page that asks nobody for anything, with a curve for people, memory and cores', () => {
    expect(page()).not.toMatch(/<script|<link|<img|src=|href=|@import|url\(/)
    expect(page().match(/<svg /g)).toHaveLength(3)
    expect(page()).toContain('Room for 42 people')
    expect(page()).toContain('The hub and its proxy used at most 191M of memory and at most 0.70 cores.')
    expect(page()).not.toContain('Who failed')
  })

  it('shows what a notebook said as text, whatever that was', () => {
    const said = page('<script>alert(1)</script> "quoted" \u001B[31m')
    expect(said).not.toContain('<script>')
    expect(said).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &quot;quoted&quot;')
    expect(said).not.toContain('\u001B')
  })
})

describe('the marks of an axis', () => {
  it('are equal steps from 0 past the most, and few', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: 1e9}), fc.integer({min: 2, max: 10}), (most, count) => {
        const found = marks(most, count, 1)
        expect(found[0]).toBe(0)
        expect(found.at(-1)).toBeGreaterThanOrEqual(most)
        expect(found.length).toBeLessThanOrEqual(count + 2)
        const step = found[1] ?? 0
        for (const [index, mark] of found.entries()) expect(mark).toBe(index * step)
      }),
    )
  })
})
