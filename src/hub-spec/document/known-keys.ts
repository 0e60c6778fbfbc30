import {hubSpecJsonSchema} from '../hub-spec.js'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
}

/** The keys that may stand at a path of the spec. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const found = path.reduce<readonly Schema[]>(
    (schemas, part) => schemas.flatMap(variants).flatMap((schema) => childAt(schema, String(part))),
    [hubSpecJsonSchema()],
  )
  return found.flatMap(variants).flatMap((schema) => Object.keys(schema.properties ?? {}))
}

function variants(schema: Schema): readonly Schema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(variants)
}

function childAt(schema: Schema, key: string): readonly Schema[] {
  const named = schema.properties?.[key]
  if (named !== undefined) return [named]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}
