import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {Ajv, type AnySchema} from 'ajv'
import {describe, expect, it} from 'vitest'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {nest} from '../../../../../src/hub-spec/import/nest.js'
import {chartProblems} from '../../../../../src/hub-spec/place/chart/chart-problems.js'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: object
}

const schemaFile = fileURLToPath(new URL('../../../../../../shared/reference/z2jh-values.schema.json', import.meta.url))
if (!existsSync(schemaFile)) console.error(`SKIPPED: the official chart's schema is not at ${schemaFile}`)

/** Named in the schema, and refused by the chart's templates. */
const refusedByTemplates = ['hub.fsGid', 'rbac.enabled', 'httpRoute.gateway']

function pathsOf(schema: Schema, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const path = [...above, key]
    return refusedByTemplates.includes(path.join('.')) ? [] : [path, ...pathsOf(inner, path)]
  })
}

function withoutRequired(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]) => (key === 'required' ? [] : [[key, withoutRequired(value)]])),
  )
}

/** Looked at elsewhere: names of classes, a password, images that need two keys, and the names of services, which the schema takes for their keys. */
const elsewhere = /^(?:hub\.config|imagePullSecret|prePuller\.extraImages|hub\.services\..*)$/

describe.skipIf(!existsSync(schemaFile))("what the chart refuses, and the chart's own schema", () => {
  const schema = existsSync(schemaFile) ? (withoutRequired(JSON.parse(readFileSync(schemaFile, 'utf8'))) as Schema) : {}
  const validate = new Ajv({strict: false}).compile(schema as AnySchema)
  const rows = pathsOf(schema)
    .filter((path) => !elsewhere.test(path.join('.')))
    .flatMap((path) =>
      [true, 3, -3, 2.5, 'x', ['x'], [{}], {}, {unknownKey: {}}].map((value) => {
        const values = nest(path, value)
        const refused = [!validate(values), chartProblems(values).length > 0] as const
        return {row: `${path.join('.')}: ${JSON.stringify(value)}`, refused, isList: Array.isArray(value)}
      }),
    )
  const where = (...refused: readonly boolean[]) => rows.filter((row) => String(row.refused) === String(refused))

  it('agree on what is refused', () => {
    expect(where(true, false).map(({row}) => row)).toEqual([])
  })

  it('differ where Kubernetes refuses what the schema takes: items of lists, and what is no map', () => {
    const more = where(false, true).filter(({isList, row}) => !isList && !row.startsWith('hub.podSecurityContext'))
    expect(more.map(({row}) => row)).toEqual([])
    expect(rows.length).toBeGreaterThan(3000)
  })
})

describe('values of the chart in the settings file', () => {
  const parse = (values: string, more = '') =>
    parseHubSpec(`version: 1\nname: x\nmode: k8s\nk8s:${more}\n  values:\n    ${values}\n`)

  it.each([
    ['singleuser: {extraVolumes: []}', 'is not a key of the chart (did you mean "singleuser.storage.extraVolumes"?)'],
    ['hub: {memroy: 1}', '6:11  k8s.values.hub.memroy: is not a key of the chart'],
    [
      'singleuser: {memory: 2G}',
      '6:18  k8s.values.singleuser.memory: must be keys with values (limit, guarantee), not "2G" (did you mean "memory.limit"?)',
    ],
    [
      'proxy: {https: yes}',
      '6:13  k8s.values.proxy.https: must be keys with values (enabled, type, letsencrypt, manual, …), not "yes"',
    ],
    ['cull: {enabled: null}', '6:12  k8s.values.cull.enabled: is empty, and must be true or false'],
    [
      'singleuser: {profileList: [{display_name: a}, 3]}',
      'k8s.values.singleuser.profileList.1: must be keys with values, not 3',
    ],
  ])('%s is refused where it stands', (values, words) => {
    expect(() => parse(values)).toThrow(words)
  })

  it.each([
    'hub: {nodeSelector: null}',
    'singleuser: {memory: {limit: null}, extraPodConfig: {any: 1}}',
    'custom: {any: [1]}',
  ])('%s is taken', (values) => {
    expect(() => parse(values)).not.toThrow()
  })

  it.each(['9.0.0', '1.2.0', '/srv/chart', 'oci://r.example/chart'])(
    'are not looked at for another chart: %s',
    (chart) => {
      expect(() => parse('hub: {memroy: 1}', `\n  chart: ${chart}`)).not.toThrow()
    },
  )
})
