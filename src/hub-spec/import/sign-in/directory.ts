import type {Keys} from '../take-keys.js'
import {filled, isTrue, narrows, text, texts, type ClassTraits} from './class-traits.js'

/** LDAPAuthenticator. People are looked for where it looked for them; otherwise their entry is made of their name. */
export function readDirectory(traits: ClassTraits): Keys {
  const isLookedFor = isTrue(traits.take('lookup_dn'))
  const [template, ...others] = texts(traits.take('bind_dn_template'))
  const base = text(traits.take('user_search_base'))
  const wasAllowed = texts(traits.take('allowed_groups'))
  const wasOpen = isTrue(traits.take('allow_all'))
  const isNarrower = narrows(traits, ['search_filter', 'valid_username_regex', 'username_pattern'])
  const groups = isNarrower ? [] : wasAllowed
  const isOpen = wasOpen && !isNarrower
  const admins = texts(traits.take('admin_groups'))
  const isEntry = /^[^{}]*=\{username\}[^{}]*$/.test(template ?? '')
  const isBelow = base !== undefined && (isLookedFor || !isEntry)
  const place = isBelow
    ? {
        base,
        userAttribute: text(traits.take('user_attribute')),
        bindDn: text(traits.take('lookup_dn_search_user')),
      }
    : {}
  const hasPassword = traits.take('lookup_dn_search_password') !== undefined
  if (!isBelow && hasPassword)
    traits.note(
      'lookup_dn_search_password',
      'is a secret, and not needed here: left out. auth.userDn is the entry of each person.',
    )
  if (!isBelow && others.length > 0)
    traits.note('bind_dn_template', `has several: ${others.join(' and ')} left out. auth.base looks in all of them.`)
  if (isTrue(traits.take('use_lookup_dn_username')) && isBelow)
    traits.note(
      'use_lookup_dn_username',
      'is left out: the name of a person is auth.userAttribute as the directory has it.',
    )
  return {
    method: 'ldap',
    ...filled({server: address(traits)}),
    ...filled(isBelow ? place : {userDn: template}),
    ...filled({allow: isOpen ? {everybody: true} : filled({groups}), adminGroups: isNarrower ? [] : admins}),
  }
}

/** Always with TLS: where there was none, by StartTLS. */
function address(traits: ClassTraits): string | undefined {
  const host = text(traits.take('server_address'))?.replace(/^ldaps?:\/\//i, '')
  const strategy = text(traits.take('tls_strategy'))?.replace(/^TlsStrategy\./, '')
  const port = text(traits.take('server_port'))
  const isWhole =
    isTrue(traits.take('use_ssl')) ||
    ['on_connect', '2'].includes(strategy ?? '') ||
    (strategy === undefined && port === '636')
  if (['insecure', '3'].includes(strategy ?? ''))
    traits.note('tls_strategy', 'is left out: a password is never sent without TLS. The directory has to do StartTLS.')
  if (host === undefined) return undefined
  const isIpv6 = host.includes(':') && !/^\[|:\d+$/.test(host)
  return `${isWhole ? 'ldaps' : 'ldap'}://${isIpv6 ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`
}
