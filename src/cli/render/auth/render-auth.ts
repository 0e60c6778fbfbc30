import type {AuthCheckResult} from '../../../hub/auth/auth-check.js'
import type {AuthSecretResult} from '../../../hub/auth/auth-secret.js'
import type {AuthSetResult} from '../../../hub/auth/auth-set.js'
import type {AuthShowResult} from '../../../hub/auth/auth-show.js'
import type {CallbackAddress} from '../../../hub/auth/sign-in-addresses.js'
import {hasOwnLabel} from '../../../hub-spec/auth/describe-auth.js'
import {describeChangedNames} from '../../../hub-spec/auth/describe-names.js'
import {renderPasswords} from '../user/render-passwords.js'

export function renderAuth(result: AuthShowResult): string {
  const {method, provider, hasSecret, who, notChecked, count, removed, callbacks} = result
  return [
    provider === null ? `Method: ${method}` : `Method: ${method}, ${providerWords(provider)}`,
    ...(provider?.clientId == null ? [] : [`Client: ${provider.clientId}`]),
    ...(hasSecret === null ? [] : [hasSecret ? 'Secret: given' : 'Secret: missing. Give it: jhub auth secret']),
    '',
    `People in the settings file: ${String(count)}`,
    ...who.map((sentence) => `- ${sentence}`),
    '- Nobody else can sign in.',
    ...notChecked.map((sentence) => `! ${sentence}`),
    ...(removed === null || removed.length === 0 ? [] : [`Removed, and kept out: ${removed.join(', ')}`]),
    ...renderCallbacks(callbacks),
  ].join('\n')
}

function providerWords(provider: NonNullable<AuthShowResult['provider']>): string {
  const {label, issuer} = provider
  return hasOwnLabel(provider, issuer) ? `${label} (${issuer})` : issuer
}

function renderCallbacks(callbacks: readonly CallbackAddress[]): readonly string[] {
  if (callbacks.length === 0) return []
  return [
    '',
    callbacks.some(({use}) => use !== undefined)
      ? 'Addresses to register at the platform:'
      : callbacks.length === 1
        ? 'Callback address to register at the provider:'
        : 'Callback addresses to register at the provider:',
    ...callbacks.map(
      ({url, use, trouble}) =>
        `  ${url}${use === undefined ? '' : `   ${use}`}${trouble === undefined ? '' : `   (${trouble})`}`,
    ),
  ]
}

export function renderAuthCheck({findings, callbacks}: AuthCheckResult): string {
  const marks = {ok: '✔', warning: '!', problem: '✖'} as const
  const lines = findings.flatMap(({check, state, found, needed, fix}) => [
    `${marks[state]} ${check}: ${found}${needed === undefined || state === 'ok' ? '' : `; needed: ${needed}`}`,
    ...(fix === undefined ? [] : [`    ${fix}`]),
  ])
  const bare = lines.length === 0 ? ['✔ Nothing to check: people sign in with passwords that the hub keeps.'] : lines
  return [...bare, ...renderCallbacks(callbacks)].join('\n')
}

export function renderAuthSet({outcome, gain, lose, names, endsLogins, who, passwords}: AuthSetResult): string {
  const changes = [
    ...gain.map((sentence) => `+ ${sentence}`),
    ...lose.map((sentence) => `- ${sentence}`),
    ...describeChangedNames(names),
  ]
  const done = {
    applied:
      changes.length === 0 && !endsLogins
        ? 'Nothing changed in who can sign in.'
        : endsLogins
          ? 'Done. Logins have ended; servers go on, and homes stay with their names.'
          : 'Done. Servers go on, and so do the logins of everybody who may still sign in.',
    saved: 'Saved. The hub is not running: `jhub up` applies it.',
    planned:
      changes.length === 0
        ? 'Nothing was changed, and nothing would change.'
        : 'Nothing was changed. This would change:',
  }[outcome]
  const others = who.filter((sentence) => !gain.includes(sentence))
  return [
    done,
    ...changes,
    '',
    ...others,
    'Nobody else can sign in.',
    ...renderPasswords(Object.entries(passwords)),
  ].join('\n')
}

export function renderAuthSecret({what, outcome}: AuthSecretResult): string {
  return outcome === 'applied'
    ? `The hub has ${what} now.`
    : `${what.charAt(0).toUpperCase()}${what.slice(1)} is saved. The hub is not running: \`jhub up\` sends it there.`
}
