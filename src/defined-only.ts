/** The same keys with values, without those whose value is `undefined`. */
export type DefinedOnly<T extends object> = {
  readonly [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>
} & {readonly [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key]}

/** What `use` makes of a value; `undefined` where there is none. */
export function ifDefined<T, U>(value: T | null | undefined, use: (value: T) => U): U | undefined {
  return value === undefined || value === null ? undefined : use(value)
}

/** Leaves out the keys whose value is `undefined`: `definedOnly({signal})` is `{}` where there is no signal. */
export function definedOnly<T extends object>(entries: T): DefinedOnly<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as DefinedOnly<T>
}

/** The value; `undefined` where it has no entries. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}
