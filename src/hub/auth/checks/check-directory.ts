import type {Finding} from '../../../findings/finding.js'
import {messageOf} from '../../../errors.js'
import type {DirectorySpec} from '../../../hub-spec/auth/auth-provider.js'

/** How long a directory may take for an answer. */
const answerMs = 10_000

export interface DirectoryAsked {
  readonly directory: DirectorySpec
  /** PEM: by which alone its certificate is known. */
  readonly authority: string | undefined
  /** The password of its `bindDn`; `undefined` where none was given for this directory. */
  readonly secret: string | undefined
  /** Groups by which rules go, by their whole names. */
  readonly groups: readonly string[]
}

/**
 * Whether a directory answers with a certificate that is known, lets the hub in, and shows it the entry below which people are
 * looked for, and the groups of the rules. Without a `base` there is nobody as whom the hub could look.
 */
export async function checkDirectory({
  directory,
  authority,
  secret,
  groups,
}: DirectoryAsked): Promise<readonly Finding[]> {
  const {Client, ResultCodeError, InvalidCredentialsError} = await import('ldapts')
  const {server, base, bindDn} = directory
  const tls = authority === undefined ? {} : {ca: [authority]}
  const isSecure = server.startsWith('ldaps:')
  const client = new Client({
    url: server,
    timeout: answerMs,
    connectTimeout: answerMs,
    ...(isSecure ? {tlsOptions: tls} : {}),
  })
  const answers: Finding = {
    check: 'directory',
    state: 'ok',
    found: `${server} answers, and its certificate is trusted`,
  }
  const butRefusals = (error: unknown): undefined => {
    if (!(error instanceof ResultCodeError)) throw error
  }
  const find = (name: string) => client.search(name, {scope: 'base', attributes: ['1.1']})
  try {
    // The name by which the certificate is known: the connection of StartTLS has none yet.
    if (!isSecure) await client.startTLS({...tls, host: new URL(server.replace(/^ldap:/, 'http:')).hostname})
    await find('').catch(butRefusals)
    if (base === undefined || (bindDn !== undefined && secret === undefined)) return [answers]
    await client.bind(bindDn ?? '', secret ?? '')
    await find(base)
    const missing: string[] = []
    for (const group of bindDn === undefined ? [] : groups)
      if (((await find(group).catch(butRefusals))?.searchEntries ?? []).length === 0) missing.push(group)
    return [
      answers,
      {check: 'bind', state: 'ok', found: `the hub can look below ${base}`},
      ...missing.map((group) => unseenGroup(group, bindDn ?? '')),
    ]
  } catch (error) {
    if (!(error instanceof ResultCodeError)) return [unreachable(server, messageOf(error))]
    const who = bindDn ?? 'nobody'
    return [
      answers,
      error instanceof InvalidCredentialsError
        ? {
            check: 'bind',
            state: 'problem',
            found: `${who} does not exist, or has another password`,
            needed: 'an entry that may search the directory',
            fix: 'jhub auth secret',
          }
        : {
            check: 'bind',
            state: 'problem',
            found: `as ${who}, the directory refuses to show ${base ?? 'anything'}: ${messageOf(error)}`,
            needed: 'auth.base, and an auth.bindDn that may see it',
            fix: 'jhub config edit',
          },
    ]
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

function unseenGroup(group: string, bindDn: string): Finding {
  return {
    check: 'group',
    state: 'problem',
    found: `as ${bindDn}, the directory shows no group ${group}, so nobody is in it`,
    needed: 'the full name of a group that the hub may see',
    fix: 'jhub config edit   # auth.allow.groups, auth.adminGroups, auth.groups',
  }
}

function unreachable(server: string, why: string): Finding {
  return {
    check: 'directory',
    state: 'problem',
    found: `${server} does not answer: ${why}`,
    needed: 'an answer, with a certificate that is trusted',
    fix: 'Check auth.server, and auth.ca if a private authority issued its certificate: jhub config edit',
  }
}
