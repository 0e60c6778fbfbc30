import fc from 'fast-check'
import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {
  imagesPolicy,
  imageUse,
  noImagesBuilt,
  resolveImage,
  type ImagesPolicy,
} from '../../../../src/hub-spec/images/resolve-image.js'
import type {ImageSpec} from '../../../../src/hub-spec/images/images-spec.js'

interface Case {
  readonly name: string
  readonly images: ImagesPolicy
  readonly user: string
  readonly groups: readonly string[]
  readonly expected: string | null
}

const cases = JSON.parse(readFileSync('test/fixtures/image-cases.json', 'utf8')) as readonly Case[]
const image = (name: string): [string, ImageSpec] => [
  name,
  {recipe: {by: 'packages', packages: ['pandas']}, lockFile: `images/${name}`},
]
const person = (groups: readonly string[], own?: string) => ({
  admin: false,
  groups,
  limits: {},
  ...(own === undefined ? {} : {image: own}),
})

function specOf({images, user, groups}: Pick<Case, 'images' | 'user' | 'groups'>) {
  const names = ['data', 'course', 'own']
  return {
    images: new Map(names.map(image)),
    ...(images.default === undefined ? {} : {image: images.default}),
    users: new Map([
      ...Object.entries(images.users).map(([name, own]) => [name, person([], own)] as const),
      [user, person(groups, images.users[user])] as const,
    ]),
    groups: new Map(images.groups.map(([name, own]) => [name, {limits: {}, image: own}])),
  }
}

describe('the image of a person', () => {
  it.each(cases)('$name', (example) => {
    expect(resolveImage(specOf(example), example.user)?.name ?? null).toBe(example.expected)
  })

  it('says from where it comes', () => {
    const spec = specOf({images: {users: {}, groups: [['ta', 'data']], built: {}}, user: 'ana', groups: ['ta']})
    expect(resolveImage(spec, 'ana')).toEqual({name: 'data', from: 'group ta'})
    expect(resolveImage({...spec, image: 'own'}, 'stranger')).toEqual({name: 'own', from: 'default'})
  })

  it('is what the policy says, for every spec', () => {
    const name = fc.constantFrom('data', 'course', 'own')
    const group = fc.constantFrom('ta', 'lab', '101', 'class-a')
    fc.assert(
      fc.property(
        fc.option(name, {nil: undefined}),
        fc.option(name, {nil: undefined}),
        fc.uniqueArray(fc.tuple(group, name), {selector: ([each]) => each}),
        fc.uniqueArray(group),
        (everybody, own, groups, joined) => {
          const images = {
            ...(everybody === undefined ? {} : {default: everybody}),
            users: own === undefined ? {} : {ana: own},
            groups,
            built: {},
          }
          const spec = specOf({images, user: 'ana', groups: joined})
          const policy = imagesPolicy(spec, noImagesBuilt)
          const byPolicy =
            policy?.users['ana'] ??
            policy?.groups.find(([each]) => (joined as readonly string[]).includes(each))?.[1] ??
            policy?.default
          expect(resolveImage(spec, 'ana')?.name).toBe(byPolicy)
        },
      ),
    )
  })

  it('is no part of the policy of a hub without images', () => {
    expect(imagesPolicy({users: new Map(), groups: new Map(), images: new Map()}, noImagesBuilt)).toBeUndefined()
  })

  it('is named with those who have it', () => {
    const spec = specOf({
      images: {default: 'data', users: {ana: 'data'}, groups: [['ta', 'data']], built: {}},
      user: 'ben',
      groups: [],
    })
    expect(imageUse(spec, 'data')).toMatchObject({everybody: true, groups: ['ta'], users: ['ana']})
    expect(imageUse(spec, 'own')).toMatchObject({everybody: false, groups: [], users: []})
  })
})
