import {z} from 'zod'
import {shown} from '../../document/shown.js'

/** The words for what the chart takes, and what stands there. */
export const as = (words: string, hint: (input: unknown) => string = () => '') => ({
  error: ({input}: {readonly input?: unknown}) =>
    input === null ? `is empty, and must be ${words}` : `must be ${words}, not ${shown(input)}${hint(input)}`,
})

const inQuotes = (input: unknown) =>
  typeof input === 'number' || typeof input === 'boolean' ? ' (write it in quotes)' : ''
const withoutQuotes = (input: unknown) =>
  typeof input === 'string' && /^(?:true|false|[-+]?\d+(?:\.\d+)?)$/.test(input) ? ' (write it without quotes)' : ''

/** With helm, `null` takes a default of the chart away; what is `firm` the chart cannot be without. */
export const firmText = z.string(as('text', inQuotes))
export const text = firmText.nullable()
export const firmSwitch = z.boolean(as('true or false', withoutQuotes))
export const onOff = firmSwitch.nullable()
export const firmWhole = z.int(as('a whole number', withoutQuotes))
export const whole = firmWhole.nullable()
export const count = z.int(as('a whole number', withoutQuotes)).min(0, 'is below 0').nullable()
export const number = z.number(as('a number', withoutQuotes)).nullable()
export const amount = z.union([z.number(), z.string()], as('an amount')).nullable()

/** Anything, under names. */
export const firmFree = z.record(z.string(), z.unknown(), as('keys with values'))
export const free = firmFree.nullable()
export const namedFree = z.record(z.string(), firmFree, as('keys with values')).nullable()

export const firmList = z.array(z.unknown(), as('a list'))
export const list = firmList.nullable()
export const texts = z.array(firmText, as('a list')).nullable()
export const textOrList = z.union([z.string(), z.array(z.unknown())], as('a command')).nullable()
/** A list of what has keys, as containers and volumes have. */
export const firmThings = z.array(firmFree, as('a list'))
export const things = firmThings.nullable()
export const freeOrThings = mapOrThings(free)
/** Variables of one container: the chart's templates take no numbers. */
export const variables = mapOrThings(
  z.record(z.string(), z.union([z.string(), firmFree], as('text', inQuotes)), as('keys with values')).nullable(),
)

function mapOrThings(map: z.ZodType) {
  return z.unknown().superRefine((value, context) => {
    const {error} = (Array.isArray(value) ? things : map).safeParse(value, {reportInput: true})
    for (const {path, message} of error?.issues ?? []) context.addIssue({code: 'custom', path, message})
  })
}

/** Labels and annotations of Kubernetes; those that the chart itself gives can be taken away. */
export function labels(...ofChart: readonly string[]) {
  const given = Object.fromEntries(ofChart.map((name) => [name, text.optional()]))
  return z.object(given, as('keys with values')).catchall(firmText).nullable()
}

export function firmOneOf(...words: readonly string[]) {
  return z.enum(words, as(`one of ${words.filter((word) => word !== '').join(', ')}`))
}

export function oneOf(...words: readonly string[]) {
  return firmOneOf(...words).nullable()
}

const mostNamed = 4

/** A map of the chart's own: it has no other keys than these, and needs none of them. */
export function section(shape: Readonly<Record<string, z.ZodType>>) {
  const keys = Object.keys(shape)
  const named = keys.length > mostNamed ? [...keys.slice(0, mostNamed), '…'] : keys
  const optional = Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, schema.optional()]))
  return z.strictObject(optional, as(`keys with values (${named.join(', ')})`))
}
