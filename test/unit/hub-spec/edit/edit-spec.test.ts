import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../src/errors.js'
import {addGroup, removeGroup, setGroupMembers} from '../../../../src/hub-spec/edit/edit-groups.js'
import {setLan} from '../../../../src/hub-spec/edit/edit-access.js'
import {setLimits, unsetLimits} from '../../../../src/hub-spec/edit/edit-limits.js'
import {addUsers, removeUsers, setUser} from '../../../../src/hub-spec/edit/edit-users.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const source = `# Our class.
version: 1
name: workshop    # a name
mode: vm
access: {port: 8000}      # only here

users:   # who
  ana: {admin: true}   # teaches
  Ben:
    groups: [ta]
    limits: {memory: 4G}

groups: {ta: {limits: {memory: 2G}}}
limits:
    default: {memory: 1G}   # enough
`

/** Lines of \`before\` that are no longer in \`after\`. */
const lost = (before: string, after: string) => before.split('\n').filter((line) => !after.split('\n').includes(line))

describe('edits of the spec', () => {
  it('add people and leave every other line as it was', () => {
    const after = addUsers(source, ['Cleo', 'ana@uni.example', '2025'])
    expect(lost(source, after)).toEqual([])
    expect([...parseHubSpec(after).users.keys()].sort()).toEqual(['2025', 'ana', 'ana@uni.example', 'ben', 'cleo'])
  })

  it('leave those who are there as they are', () => {
    expect(addUsers(source, ['ana', 'BEN'])).toBe(source)
  })

  it('add admins and members', () => {
    const spec = parseHubSpec(addUsers(source, ['cleo'], {admin: true, groups: ['ta']}))
    expect(spec.users.get('cleo')).toEqual({admin: true, groups: ['ta'], limits: {}})
  })

  it('keep a list a list while nobody is special', () => {
    const list = 'version: 1\nname: w\nmode: vm\nusers: [ana, ben]\n'
    expect(addUsers(list, ['cleo'])).toContain('users: [ana, ben, cleo]')
    expect([...parseHubSpec(setUser(list, 'ana', {admin: true})).users]).toEqual([
      ['ana', {admin: true, groups: [], limits: {}}],
      ['ben', {admin: false, groups: [], limits: {}}],
    ])
    expect(parseHubSpec(removeUsers(list, ['ana', 'ben'])).users.size).toBe(0)
  })

  it('remove people and keep the comments of others', () => {
    const after = removeUsers(source, ['ben'])
    expect(lost(source, after)).toEqual(['  Ben:', '    groups: [ta]', '    limits: {memory: 4G}'])
    expect(() => removeUsers(source, ['benn'])).toThrow('did you mean ben?')
  })

  it('change one person', () => {
    const after = setUser(source, 'ben', {admin: true, addGroups: [], removeGroups: ['ta']})
    expect(parseHubSpec(after).users.get('ben')).toEqual({
      admin: true,
      groups: [],
      limits: {memoryBytes: 4 * 1024 ** 3},
    })
    expect(parseHubSpec(setUser(source, 'ana', {admin: false})).users.get('ana')?.admin).toBe(false)
    expect(() => setUser(source, 'nobody', {admin: true})).toThrow(JhubError)
  })

  it('change groups and their members', () => {
    const grown = setGroupMembers(addGroup(source, 'class-a'), 'class-a', {add: ['ana', 'ben']})
    expect(parseHubSpec(grown).users.get('ben')?.groups).toEqual(['ta', 'class-a'])
    const shrunk = removeGroup(grown, 'ta')
    expect([...parseHubSpec(shrunk).groups.keys()]).toEqual(['class-a'])
    expect(parseHubSpec(shrunk).users.get('ben')?.groups).toEqual(['class-a'])
    expect(addGroup(source, 'ta')).toBe(source)
    expect(() => removeGroup(source, 'tas')).toThrow('did you mean ta?')
  })

  it('set and take away limits at every level', () => {
    const set = [
      [{kind: 'default'}, {cpu: '500m'}],
      [{kind: 'total'}, {servers: '40', memory: '12G'}],
      [{kind: 'group', name: 'ta'}, {cpu: '2'}],
      [{kind: 'user', name: 'ana'}, {memory: '3072M'}],
    ] as const
    const after = set.reduce((text, [scope, values]) => setLimits(text, scope, values), source)
    const spec = parseHubSpec(after)
    expect(spec.limits).toEqual({
      default: {memoryBytes: 1024 ** 3, cpuCores: 0.5},
      total: {servers: 40, memoryBytes: 12 * 1024 ** 3},
    })
    expect(spec.groups.get('ta')?.limits).toEqual({memoryBytes: 2 * 1024 ** 3, cpuCores: 2})
    expect(spec.users.get('ana')?.limits).toEqual({memoryBytes: 3 * 1024 ** 3})
    expect(after).toContain('memory: 3G')
    const bare = set.reduce((text, [scope]) => unsetLimits(text, scope, 'all'), after)
    expect(parseHubSpec(bare).limits).toEqual({default: {}, total: {}})
    expect(bare).toContain('# Our class.')
    expect(() => setLimits(source, {kind: 'default'}, {memory: 'lots'})).toThrow(JhubError)
    expect(() => setLimits(source, {kind: 'total'}, {servers: '0'})).toThrow(JhubError)
  })

  it('in any order, adding and removing the same people gives the spec from before', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9.@-]{0,20}$/)
    fc.assert(
      fc.property(fc.uniqueArray(name, {minLength: 1, maxLength: 8}), fc.boolean(), (names, admin) => {
        const fresh = names.filter((each) => !['ana', 'ben'].includes(each))
        fc.pre(fresh.length > 0)
        const added = addUsers(source, fresh, admin ? {admin: true} : {})
        expect(lost(source, added)).toEqual([])
        expect(parseHubSpec(removeUsers(added, fresh))).toEqual(parseHubSpec(source))
      }),
    )
  })
})

describe('setLan', () => {
  const head = 'version: 1\nname: a # mine\nmode: vm\n'
  it.each([
    ['', true, 'access:\n  lan: true\n'],
    ['access: {port: 8000}   # here\n', true, 'access: {port: 8000, lan: true} # here\n'],
    ['access: {lan: true}\n', true, 'access: {lan: true}\n'],
    ['access: {lan: true}\n', false, 'access: {lan: false}\n'],
    ['access: {port: 8000}\n', false, 'access: {port: 8000}\n'],
    ['access: {address: 127.0.0.1}\n', true, 'access: {lan: true}\n'],
    ['access: {address: 192.168.1.5, lan: true}\n', true, 'access: {address: 192.168.1.5, lan: true}\n'],
    ['access: {address: 192.168.1.5, lan: true}\n', false, 'access: {lan: false}\n'],
  ])('%j to %s', (before, lan, after) => {
    const edited = setLan(head + before, lan)
    expect(edited.replace(/ +#/, ' #')).toBe(head + after)
    expect(parseHubSpec(edited).access).toMatchObject({lan})
  })
})
