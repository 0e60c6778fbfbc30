import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {definedOnly} from '../../../../src/defined-only.js'
import type {Limits} from '../../../../src/hub-spec/hub-spec.js'
import {noImagesBuilt} from '../../../../src/hub-spec/images/resolve-image.js'
import {
  limitsPolicy,
  resolveLimits,
  type LimitTraits,
  type LimitsPolicy,
} from '../../../../src/hub-spec/limits/resolve-limits.js'

interface Case {
  readonly name: string
  readonly policy: LimitsPolicy
  readonly user: string
  readonly groups: readonly string[]
  readonly expected: LimitTraits
}

/** The same table that the hub's own hook is tested with. */
const cases = JSON.parse(
  readFileSync(new URL('../../../fixtures/limit-cases.json', import.meta.url), 'utf8'),
) as readonly Case[]

const toLimits = ({mem_limit, mem_guarantee, cpu_limit, cpu_guarantee}: LimitTraits): Limits =>
  definedOnly({
    memoryBytes: mem_limit,
    memoryGuaranteeBytes: mem_guarantee,
    cpuCores: cpu_limit,
    cpuGuaranteeCores: cpu_guarantee,
  })

describe('limits of a person', () => {
  it.each(cases)('$name', ({policy, user, groups, expected}) => {
    const spec = {
      users: new Map([[user, {admin: false, groups, limits: toLimits(policy.users[user] ?? {})}]]),
      groups: new Map(Object.entries(policy.groups).map(([name, traits]) => [name, {limits: toLimits(traits)}])),
      limits: {default: toLimits(policy.default), total: toLimits(policy.total)},
    }
    const resolved = resolveLimits(spec, user)
    expect(Object.fromEntries(Object.entries(resolved).map(([key, {value}]) => [key, value]))).toEqual(
      toLimits(expected),
    )
    expect(limitsPolicy({...spec, images: new Map()}, noImagesBuilt).default).toEqual(policy.default)
  })

  it('come with what people are called, where somebody is', () => {
    const person = {admin: false, groups: [], limits: {}}
    const rules = {groups: new Map(), images: new Map(), limits: {default: {}, total: {}}}
    const users = new Map<string, typeof person & {readonly name?: string}>([
      ['ana', {...person, name: 'Ana Núñez'}],
      ['ben', person],
    ])
    expect(limitsPolicy({...rules, users}, noImagesBuilt).names).toEqual({ana: 'Ana Núñez'})
    expect(limitsPolicy({...rules, users: new Map([['ben', person]])}, noImagesBuilt)).not.toHaveProperty('names')
  })

  it('say where each comes from', () => {
    const spec = {
      users: new Map([['ana', {admin: false, groups: ['ta', 'lab'], limits: {cpuCores: 3}}]]),
      groups: new Map([
        ['ta', {limits: {memoryBytes: 2}}],
        ['lab', {limits: {memoryBytes: 5}}],
      ]),
      limits: {default: {memoryBytes: 1, cpuGuaranteeCores: 9}, total: {}},
    }
    expect(resolveLimits(spec, 'ana')).toEqual({
      memoryBytes: {value: 5, from: 'group lab'},
      cpuCores: {value: 3, from: 'user'},
      cpuGuaranteeCores: {value: 3, from: 'default'},
    })
  })

  it('never guarantee more than they allow', () => {
    const limits = fc.record(
      {memoryBytes: fc.nat(), memoryGuaranteeBytes: fc.nat(), cpuCores: fc.nat(), cpuGuaranteeCores: fc.nat()},
      {requiredKeys: []},
    )
    fc.assert(
      fc.property(limits, limits, limits, (own, shared, common) => {
        const spec = {
          users: new Map([['ana', {admin: false, groups: ['ta'], limits: own}]]),
          groups: new Map([['ta', {limits: shared}]]),
          limits: {default: common, total: {}},
        }
        const {memoryBytes, memoryGuaranteeBytes, cpuCores, cpuGuaranteeCores} = resolveLimits(spec, 'ana')
        expect((memoryGuaranteeBytes?.value ?? 0) <= (memoryBytes?.value ?? Infinity)).toBe(true)
        expect((cpuGuaranteeCores?.value ?? 0) <= (cpuCores?.value ?? Infinity)).toBe(true)
      }),
    )
  })
})
