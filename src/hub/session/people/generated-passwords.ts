import path from 'node:path'
import {JhubError} from '../../../errors.js'
import type {MadePasswords} from '../../../jupyterhub/people/ensure-users.js'
import type {HubContext} from '../hub-context.js'
import {parseJson} from '../../../hub-spec/document/parse-json.js'

/**
 * Passwords that jhub made, by login, as far as they are kept: for this account alone, until they are changed. Whether one
 * still holds, only the hub knows. What a person chose is never among them. Throws `JHUB-E203` for a damaged file.
 */
export async function generatedPasswords(context: HubContext, hubName: string): Promise<ReadonlyMap<string, string>> {
  const file = passwordsFile(context, hubName)
  const text = await context.host.files.read(file)
  if (text === undefined) return new Map()
  const value = parse(text)
  if (value === undefined)
    throw new JhubError('JHUB-E203', `${file} is damaged, so the passwords that jhub made are not known`, {
      fix: `rm ${file}   # then: jhub cards --new-passwords`,
    })
  return new Map(Object.entries(value))
}

/** Keeps these too; comes before they are set on the hub, so that none is lost when jhub is killed. */
export async function keepPasswords(
  context: HubContext,
  hubName: string,
  made: ReadonlyMap<string, string>,
): Promise<void> {
  if (made.size === 0) return
  await write(context, hubName, new Map([...(await generatedPasswords(context, hubName)), ...made]))
}

/** The same, for the step that adds people and may be taken back. */
export function madePasswords(context: HubContext, hubName: string): MadePasswords {
  return {
    keep: (made) => keepPasswords(context, hubName, made),
    forget: (logins) => forgetPasswords(context, hubName, (login) => !logins.includes(login)),
  }
}

/** Keeps only those, of all that were made, which `isStillTrue` of. */
export async function forgetPasswords(
  context: HubContext,
  hubName: string,
  isStillTrue: (login: string) => boolean,
): Promise<void> {
  const kept = await generatedPasswords(context, hubName)
  const left = new Map([...kept].filter(([login]) => isStillTrue(login)))
  if (left.size === kept.size) return
  if (left.size > 0) await write(context, hubName, left)
  else await context.host.files.remove(passwordsFile(context, hubName))
}

export function passwordsFile({directories}: Pick<HubContext, 'directories'>, hubName: string): string {
  return path.join(directories.state, hubName, 'passwords.json')
}

function write(context: HubContext, hubName: string, passwords: ReadonlyMap<string, string>): Promise<void> {
  const text = `${JSON.stringify(Object.fromEntries(passwords), undefined, 2)}\n`
  return context.host.files.write(passwordsFile(context, hubName), text, {mode: 0o600})
}

function parse(text: string): Readonly<Record<string, string>> | undefined {
  const value = parseJson(text)
  const isWhole =
    typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string')
  return isWhole ? (value as Readonly<Record<string, string>>) : undefined
}
