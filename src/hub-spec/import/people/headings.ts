import {headingWords, type HeadingRole} from './heading-words.js'
import {wordsAsked} from './questions.js'

const ranks: ReadonlyMap<string, {readonly role: HeadingRole; readonly rank: number}> = new Map(
  Object.entries(headingWords).flatMap(([role, headings]) =>
    headings.map((heading, rank) => [plainHeading(heading), {role: role as HeadingRole, rank}] as const),
  ),
)

export interface HeadingRead {
  readonly role: HeadingRole
  /** Among those that say the same; the smaller, the better. */
  readonly rank: number
}

/** What a heading says; `undefined` for another. */
export function roleOfHeading(heading: string): HeadingRead | undefined {
  const whose = qualifiedEmail(heading)
  if (whose !== undefined) return whose === 'of somebody else' ? undefined : {role: 'email', rank: whose}
  const [bare] = heading.split(/[([{]/)
  const known = [heading, bare ?? '', (bare ?? '').replace(ofWhom, ''), heading.replace(ofWhomAfter, '')]
    .map((words) => ranks.get(plainHeading(words)))
    .find((found) => found !== undefined)
  return known ?? numberedGroup(heading) ?? roleOfParts(heading) ?? roleOfQuestion(bare ?? '')
}

/** `Group 2`, `cohort3`. */
function numberedGroup(heading: string): HeadingRead | undefined {
  const found = ranks.get(plainHeading(heading.replace(/\d+\s*$/, '')))
  return found?.role === 'group' ? found : undefined
}

/** What a form asks for: `What is your name?`, `Please enter your e-mail address`, `Wie heißt du?`. */
function roleOfQuestion(heading: string): HeadingRead | undefined {
  const asked = wordsAsked(heading)
  return asked === undefined ? undefined : ranks.get(plainHeading(asked))
}

const ofInstitution =
  /^(?:universit|uni$|hochschul|fh$|institu|school|schul|college|campus|faculty|work|official|primary|academi|acad[eé]mi|corporat|dienstlich|studenti|étudiant|universidad|école|escolar|scolaire|organi[sz]ation)/iu
const ofHome =
  /^(?:personal|private|privat|privée?|personnel|personale|privad|pessoal|particular|home|secondary|alternat|other|additional|recovery|backup|zweit|weitere|alternativ|2$)/iu
const ofOthers =
  /^(?:parent|guardian|mother|father|family|famil|eltern|erziehungsberechtigt|mutter|vater|padre|madre|genitor|respons[aá]ve|tut[oe]u?r|teacher|lecturer|supervisor|advis[oe]r|betreuer|dozent|lehrer|instructor|emergency)/iu

/** The rank of an e-mail address of which the heading says whose it is: an institution's goes before a private one. */
function qualifiedEmail(heading: string): number | 'of somebody else' | undefined {
  const words = heading.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '')
  const isQualifier = (word: string) => [ofInstitution, ofHome, ofOthers].some((form) => form.test(word))
  const qualifiers = words.filter(isQualifier)
  const rest = words.filter((word) => !isQualifier(word) && !linking.test(word))
  if (qualifiers.length === 0 || ranks.get(plainHeading(rest.join('')))?.role !== 'email') return undefined
  if (qualifiers.some((word) => ofOthers.test(word))) return 'of somebody else'
  return qualifiers.some((word) => ofHome.test(word)) ? headingWords.email.length : -1
}

const linking = /^(?:de|del|di|da|do|der|des|of|the|la)$/iu

/** `Nachname, Vorname` and `Prénom et nom` are one column with both; `Last name / Surname` says one thing twice. */
function roleOfParts(heading: string): HeadingRead | undefined {
  const parts = heading
    .split(/[,;/&|]|\s(?:und|and|or|et|y|e|i|en|och|og|a|és|ja|și|si|ve|и|і|та)\s/iu)
    .map((part) => ranks.get(plainHeading(part.split('(')[0] ?? '')) ?? ranks.get(plainHeading(part)))
  const [one, other] = parts
  if (parts.length !== 2 || one === undefined || other === undefined) return undefined
  if (one.role === other.role) return one
  return nameRoles.has(one.role) && nameRoles.has(other.role)
    ? {role: 'full', rank: headingWords.full.length}
    : undefined
}

const nameRoles: ReadonlySet<HeadingRole> = new Set(['first', 'last', 'full', 'name'])

/** In front of what a column says: `Student's full name` is a full name. */
const ofWhom = /^\s*(?:student|pupil|learner|participant|user)(?:['’]?s|s['’])?[\s_-]+/i

/** Behind what a column says: `FAMILY_NAME_OF_STUDENT`, `Vorname des Studierenden`. */
const ofWhomAfter =
  /[\s_-]+(?:of|des|der|du|de la|del|dello|do)[\s_-]+(?:the[\s_-]+)?(?:student|studierend|schüler|teilnehm|étudiant|estudiante|alumno|studente|aluno)\w*\s*$/iu

/** A heading without what spellings differ in: capitals, accents, hyphens, spaces, a mark or a colon at its end. */
export function plainHeading(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '')
}
