/** Rows of a gradebook that are about the assignments, and of a spreadsheet about all rows. */
const filler =
  /^(?:points possible|points|date|class average|datum|punkte|kursdurchschnitt|date limite|fecha|puntos|media|average|total|totals|sum|count|summe|gesamt|gesamtzahl|anzahl|suma|somme|totale|totaal|aantal|итого|всего|razem|celkem|合计|合計|총계|합계|المجموع|סה"כ)$/iu

/** `Total: 30`, `Stand: 01.10.2026`. */
const label = /^\p{L}[^@\d:：]{0,60}[:：](?=[\s\d]|$)/u

/** `# end`, `-- 30 rows --`, `© 2026 University`. */
const comment = /^(?:#+(?:\s|$)|-{2,}|\*{2,}|={2,}|_{2,}|\/\/|©|\(c\)\s)/iu

/** `Exported on …`, `Seite 1 von 3`, `Total students 30`. */
const spoken =
  /^(?:exported|generated|created|printed|downloaded|report|as of|end of|page \d|total (?:number|students|participants|users)|number of|stand |exportiert|erstellt|generiert|gedruckt|erzeugt|abgerufen|ende der|seite \d|anzahl |gesamtzahl |exporté|généré|créé|imprimé|extrait|nombre (?:de|total)|fin de|exportado|generado|creado|impreso|descargado|número (?:de|total)|fin del?|página \d|gerado|criado|impresso|esportato|generato|creato|stampato|numero (?:di|totale)|pagina \d|geëxporteerd|gegenereerd|afgedrukt|aantal |wygenerowano|wydrukowano|liczba |vygenerováno|počet |сформирован|экспортирован|выгружен|дата |количество |всего |итого )/iu

/** What a row says, cleaned. */
export interface RowCells {
  /** All that is in the row, from its left. */
  readonly filled: readonly string[]
  /** Empty where it has none. */
  readonly login: string
  readonly names: readonly string[]
  readonly hasEmail: boolean
}

/** Whether a row is about all rows, and needs no word. */
export function isFiller({filled: [head = '', ...others], login, hasEmail}: RowCells): boolean {
  const isLogin = login !== '' && (others.length === 0 || others.some((cell) => /\p{L}/u.test(cell)))
  return !hasEmail && !isLogin && filler.test(head)
}

/** Whether a row says something of the list, and is nobody. */
export function isRemark({filled: [head = ''], login, names, hasEmail}: RowCells): boolean {
  const hasOthers = [login, ...names].some((cell) => cell !== head && /\p{L}/u.test(cell))
  return !hasEmail && !hasOthers && [label, comment, spoken].some((form) => form.test(head))
}

/** Whether a row says who somebody is, beyond doubt. */
export function isPerson({login, names, hasEmail}: RowCells): boolean {
  return hasEmail || (login !== '' && names.some((name) => /\p{L}/u.test(name)))
}

/**
 * Whether a row below the last person looks like nobody: a number for a name, or words that stand alone where people have a
 * login, or two names.
 */
export function isFooter(
  {filled, login, names, hasEmail}: RowCells,
  {hasTwoNames}: {readonly hasTwoNames: boolean},
): boolean {
  if (hasEmail) return false
  if (names.some((name) => /^[\d.,:/ -]+$/.test(name))) return true
  const [head = ''] = filled
  return filled.length === 1 && (login === '' ? hasTwoNames || /\d/.test(head) : /\s/.test(login))
}
