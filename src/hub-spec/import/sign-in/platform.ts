import type {Keys} from '../take-keys.js'
import {filled, isTrue, narrows, text, texts, type ClassTraits} from './class-traits.js'

/** A learning platform by LTI 1.3. LTI 1.1, with its shared key, has no counterpart. */
export function readPlatform(traits: ClassTraits): Keys {
  const [clientId, ...others] = texts(traits.take('client_id'))
  const wasOpen = isTrue(traits.take('allow_all'))
  const isOpen = wasOpen && !narrows(traits, ['username_pattern'])
  if (others.length > 0) traits.note('client_id', `has several: ${others.join(', ')} left out. A hub has one client.`)
  for (const trait of ['uri_scheme', 'tool_name', 'tool_description', 'jwks_algorithms']) traits.take(trait)
  return {
    method: 'lti',
    ...filled({
      issuer: text(traits.take('issuer')),
      clientId,
      authorizeUrl: text(traits.take('authorize_url')) ?? text(traits.take('endpoint')),
      keysUrl: text(traits.take('jwks_endpoint')),
      usernameClaim: text(traits.take('username_key')),
      allow: isOpen ? {everybody: true} : {},
    }),
  }
}
