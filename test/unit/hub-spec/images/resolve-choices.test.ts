import {readFileSync} from 'node:fs'
import {describe, expect, it} from 'vitest'
import {choicePolicy, type ChoicePolicy} from '../../../../src/hub-spec/images/choice-policy.js'
import type {ImageSpec} from '../../../../src/hub-spec/images/images-spec.js'
import {nextImage, resolveChoices} from '../../../../src/hub-spec/images/resolve-choices.js'
import {imagesPolicy, imageUse, isUnused, type ImagesPolicy} from '../../../../src/hub-spec/images/resolve-image.js'

interface Case {
  readonly name: string
  readonly images: Omit<ImagesPolicy, 'built'>
  readonly groups: readonly string[]
  readonly chosen: unknown
  readonly choices: readonly string[]
  readonly picked: string | null
}

const cases = JSON.parse(readFileSync('test/fixtures/choice-cases.json', 'utf8')) as readonly Case[]
const names = ['data', 'course', 'own', 'extra']
const images = new Map(
  names.map((name): [string, ImageSpec] => [
    name,
    {recipe: {by: 'packages', packages: ['pandas']}, lockFile: `images/${name}`},
  ]),
)
const nobodyChooses: ChoicePolicy = {users: {}, groups: []}

function specOf({images: rules, groups}: Pick<Case, 'images' | 'groups'>) {
  const {default: choose, users: own, groups: shared} = rules.choose ?? nobodyChooses
  const given = new Map(rules.groups)
  const lists = new Map(shared)
  const optional = (image: string | undefined, list: readonly string[] | undefined) => ({
    ...(image === undefined ? {} : {image}),
    ...(list === undefined ? {} : {choose: list}),
  })
  const person = (joined: readonly string[], name: string) => ({
    admin: false,
    groups: joined,
    limits: {},
    ...optional(rules.users[name], own[name]),
  })
  return {
    images,
    ...optional(rules.default, choose),
    users: new Map([
      ['ana', person(groups, 'ana')],
      ['ben', person([], 'ben')],
    ]),
    groups: new Map(
      [...new Set([...given.keys(), ...lists.keys()])].map((name) => [
        name,
        {limits: {}, ...optional(given.get(name), lists.get(name))},
      ]),
    ),
  }
}

describe('the choice of a person', () => {
  it.each(cases)('$name', (example) => {
    const spec = specOf(example)
    expect(resolveChoices(spec, 'ana')).toEqual(example.choices)
    expect(nextImage(spec, 'ana', example.chosen) ?? null).toBe(example.picked)
    expect(choicePolicy(spec)).toEqual(example.images.choose)
  })

  it('comes with what people read of each image', () => {
    const [, , example] = cases
    if (example === undefined) throw new Error('no case')
    const {choose, ...rest} = specOf(example)
    const built = {
      references: new Map([['data', 'image-data-0123456789ab']]),
      contents: new Map([['data', ['pandas 2.3.1']]]),
    }
    const described = new Map(images).set('own', {...(images.get('own') as ImageSpec), description: 'Mine <b>'})
    expect(imagesPolicy({...rest, images: described, ...(choose === undefined ? {} : {choose})}, built)?.about).toEqual(
      {
        data: {contains: ['pandas 2.3.1']},
        course: {},
        own: {description: 'Mine <b>'},
        extra: {},
      },
    )
    expect(imagesPolicy({...rest, images: described}, built)?.about).toBeUndefined()
  })

  it('is named with those who have it', () => {
    const spec = specOf({
      images: {
        users: {},
        groups: [],
        choose: {default: ['data'], users: {ben: ['own']}, groups: [['ta', ['data']]]},
      },
      groups: [],
    })
    expect(imageUse(spec, 'data')).toEqual({
      everybody: false,
      groups: [],
      users: [],
      choose: {everybody: true, groups: ['ta'], users: []},
    })
    expect(names.filter((name) => isUnused(imageUse(spec, name)))).toEqual(['course', 'extra'])
  })
})
