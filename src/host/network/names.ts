/** What names lead to. */
export interface Names {
  /** The addresses of a name, as programs here find them; none when it has no address. */
  lookUp(name: string): Promise<readonly string[]>
}
