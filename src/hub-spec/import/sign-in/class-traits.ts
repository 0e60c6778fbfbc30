import {isPlaceholder} from '../is-placeholder.js'

/** What a configuration of JupyterHub sets of the authenticator in use. */
export interface ClassTraits {
  /** The value of a trait, taken away: of the class itself, else of the classes that it is made of. */
  readonly take: (trait: string) => unknown
  /** The same, and it stays. */
  readonly look: (trait: string) => unknown
  /** A sentence about a trait, for whoever reads the import. */
  readonly note: (trait: string, sentence: string) => void
}

/** A text that is not empty, and no placeholder for one. */
export function text(value: unknown): string | undefined {
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return word === '' || isPlaceholder(word) ? undefined : word
}

/** The texts of a list, also where one stands in its place. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).flatMap((each) => text(each) ?? [])
}

/** `true`, also where YAML was read as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 'True'
}

/** `false`, also where YAML was read as text. */
export function isFalse(value: unknown): boolean {
  return value === false || value === 'false' || value === 'False'
}

/** Whether any of these traits kept people out whom the rules let in. Then no rule is taken over, and a note says so. */
export function narrows(traits: ClassTraits, names: readonly string[]): boolean {
  const set = names.filter((name) => text(traits.take(name)) !== undefined)
  for (const name of set)
    traits.note(
      name,
      'kept some people out, and does not exist here, so jhub imports no rule for auth.allow. Name the people who can sign in.',
    )
  return set.length > 0
}

/** The entries that have a value; lists and maps with nothing in them have none. */
export function filled(entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(entries).filter(
      ([, value]) => value !== undefined && !(typeof value === 'object' && Object.keys(value ?? {}).length === 0),
    ),
  )
}
