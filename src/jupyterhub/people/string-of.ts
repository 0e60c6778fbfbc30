/** What an answer says, where it is a string. */
export function stringOf(said: unknown): string | undefined {
  return typeof said === 'string' ? said : undefined
}
