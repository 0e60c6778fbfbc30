/** The name that people read: `López, Ana` in one column is Ana López, and 小明 with the family name 王 is 王小明. */
export function displayName(given: string, family: string, full: string): string {
  if (full === '') return joinNames(given, family)
  const parts = full.split(/[,，、]/).map((part) => part.trim())
  const [last = '', first = ''] = parts
  return parts.length === 2 && last !== '' && first !== '' ? joinNames(first, last) : full
}

function joinNames(given: string, family: string): string {
  if (eastAsian.test(given) && eastAsian.test(family)) return family + given
  return [given, family].filter((part) => part !== '').join(' ')
}

const eastAsian = /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー々]+$/u
