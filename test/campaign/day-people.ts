/** Thirty people as Moodle exports the participants of a course, and one who comes late. */
const names = [
  ['Ana', 'García'],
  ['Ben', 'Müller'],
  ['Chloé', 'Lefèvre'],
  ['小明', '王'],
  ['Дмитрий', 'Иванов'],
  ['Elif', 'Yılmaz'],
  ['فاطمة', 'حسن'],
  ['Γιώργος', 'Παπαδόπουλος'],
  ['Hana', 'Nováková'],
  ['Anna', 'Schmidt'],
  ['Anna', 'Schmidt'],
  ['Seán', "O'Brien"],
  ['Łukasz', 'Wójcik'],
  ['Mai', 'Nguyễn'],
  ['Olu', 'Adéyẹmí'],
] as const

export interface Participant {
  readonly first: string
  readonly last: string
  /** As a school writes them, with zeros in front. */
  readonly id: string
  readonly email: string
}

/** `count` people; from the sixteenth on names come again, as in any large course. */
export function participants(count: number): readonly Participant[] {
  return Array.from({length: count}, (_, index) => {
    const [first, last] = names[index % names.length] ?? names[0]
    const id = String(index + 1).padStart(6, '0')
    return {first, last, id, email: `p${id}@uni.example`}
  })
}

/** The file that Moodle writes: a mark of UTF-8, and names of columns in the language of the teacher. */
export function moodleExport(people: readonly Participant[]): string {
  const rows = people.map(({first, last, id, email}) => [`"${first}"`, `"${last}"`, id, email].join(','))
  return `\uFEFF${['First name,Last name,ID number,Email address', ...rows].join('\r\n')}\r\n`
}
