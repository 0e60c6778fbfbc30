/** What names lead to. */
export interface Names {
  /** The addresses of a name, as programs here find them; none when it leads nowhere. */
  lookUp(name: string): Promise<readonly string[]>
}
