const filler = new Set(
  `what whats which is are s the a your you my our in do does belong to please pls enter give write type tell us we call preferred legal
  wie ist lautet dein deine deinen ihr ihre ihren der die das in welcher welchem welche welches bist du sind sie gehörst zu bitte gib geben ein an nenne deiner
  quel quelle est votre ton ta le la dans êtes es tu vous veuillez entrez saisir indiquez
  cuál cual es tu su el en qué que estás por favor escribe introduce
  qual è e il tuo tua suo sua o seu sua inserisci scrivi
  wat je jouw uw welke zit jak masz twoje twój imię podaj`.split(/\s+/),
)

/** Ways to ask for a name without the word. */
const namely =
  /^(?:wie (?:heißt du|heißen sie|heisst du|heissen sie)|comment (?:t.?appelles.tu|vous appelez.vous)|c[oó]mo te llamas|come ti chiami|como te chamas|hoe heet (?:je|u)|who are you|как (?:тебя|вас) зовут)\b/iu

/** The words of a form's question that say what it asks for: `e-mail address` of `What is your e-mail address?`; `undefined` where it asks for nothing of a heading's. */
export function wordsAsked(heading: string): string | undefined {
  const text = heading.replace(/^[\s¿¡\d.)]+/u, '')
  if (namely.test(text)) return 'name'
  const words = text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '')
  const said = words.filter((word) => !filler.has(word.toLowerCase()))
  return said.length === 0 || said.length === words.length ? undefined : said.join(' ')
}
