const mostShown = 5

/** What a person is told of rows: of each kind the first lines, and how many more there are. */
export class RowNotes {
  readonly #kinds = new Map<string, Set<string>>()

  /** `kind` ends the sentence that counts the others: `lines name nobody` of `12 more lines name nobody.` */
  add(kind: string, note: string): void {
    const notes = this.#kinds.get(kind) ?? new Set()
    this.#kinds.set(kind, notes.add(note))
  }

  /** One sentence each. */
  all(): readonly string[] {
    return [...this.#kinds].flatMap(([kind, notes]) => {
      const more = notes.size - mostShown
      return more > 1 ? [...[...notes].slice(0, mostShown), `${String(more)} more ${kind}.`] : [...notes]
    })
  }
}
