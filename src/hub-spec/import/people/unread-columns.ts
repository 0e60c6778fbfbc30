import type {FoundColumns} from './find-columns.js'
import {roleOfHeading} from './headings.js'

/**
 * Columns that somebody may miss among those that were read, one sentence each: a heading that is there again, a number for
 * each line, sections, passwords, what tells people apart, and addresses under an unknown heading.
 */
export function unreadColumns(
  rows: readonly (readonly string[])[],
  {headingRow, headings, columns, moreGroups, counter}: FoundColumns,
): readonly string[] {
  if (headingRow === undefined) return []
  const body = rows.slice(headingRow + 1)
  const read = new Set([...Object.values(columns), ...moreGroups])
  const roles = new Set([...read].map((column) => headings[column]?.trim().toLowerCase()))
  return headings.flatMap((heading, column) => {
    if (read.has(column)) return []
    const number = String(column + 1)
    if (heading.trim() !== '' && roles.has(heading.trim().toLowerCase()))
      return [`"${heading}" is there twice; column ${number} was not read.`]
    if (column === counter)
      return [`"${heading}" counts the lines and is not the login. If it should be: --login-column ${number}`]
    if (columns.group === undefined && /^section/i.test(heading.trim()))
      return [`"${heading}" was not read. If it says who is in which group: --group-column ${number}`]
    const said = [...new Set(body.map((cells) => cells[column]?.trim() ?? '').filter((cell) => cell !== ''))]
    if (said.length > 0 && passwords.test(heading.trim()))
      return [
        `"${heading}" was not read: jhub makes the passwords. To give people passwords of your own: jhub user add NAMES --password-file FILE`,
      ]
    if (said.length > 1 && standings.test(heading.trim()))
      return [
        `"${heading}" was not read: it says ${said.slice(0, mostSaid).join(', ')}${said.length > mostSaid ? ', …' : ''}. Everybody in the file counts alike; take out the lines of those who should not.`,
      ]
    const hasAddresses = body.length > 0 && body.every((cells) => /^\s*\S+@\S+\s*$/.test(cells[column] ?? ''))
    return hasAddresses && columns.email === undefined && roleOfHeading(heading) === undefined
      ? [`Column ${number}, "${heading}", has e-mail addresses and was not read: --email-column ${number}`]
      : []
  })
}

const mostSaid = 5

const passwords =
  /^(?:(?:initial |temporary )?password|passwort|kennwort|mot de passe|contraseña|senha|palavra-passe|wachtwoord|hasło|heslo|lösenord|adgangskode|passord|salasana|jelszó|parolă|şifre|пароль|密码|密碼|パスワード|비밀번호|كلمة المرور)$/iu

/** Teachers beside students, who was turned away, who has left. */
const standings =
  /^(?:roles?|rollen?|rôles?|rol|ruoli|ruolo|função|papel|(?:approval |enrol?lment |registration |course )?status|availability|user ?type|status zapisu|statut|статус|роль)$/iu
