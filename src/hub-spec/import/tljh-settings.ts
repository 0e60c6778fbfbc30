import {nearest} from '../document/nearest.js'

/** The settings of TLJH that jhub knows, by the keys above them. */
const keysBelow: Readonly<Record<string, readonly string[]>> = {
  '': ['users', 'limits', 'services', 'user_environment', 'http', 'https', 'auth', 'base_url'],
  users: ['admin', 'allowed', 'banned', 'extra_user_groups'],
  limits: ['memory', 'cpu'],
  services: ['cull'],
  'services.cull': ['enabled', 'timeout', 'every', 'max_age'],
  user_environment: ['default_app'],
  http: ['port'],
  https: ['enabled', 'port', 'tls', 'letsencrypt'],
  'https.tls': ['key', 'cert'],
  'https.letsencrypt': ['email', 'domains'],
  auth: ['type'],
}

/** The setting of which one key was written otherwise, as a path; `undefined` where none is near. */
export function settingMeant(path: string): string | undefined {
  const keys = path.split('.')
  const below = (at: number) => keysBelow[keys.slice(0, at).join('.')] ?? []
  const at = keys.findIndex((key, index) => !below(index).includes(key))
  const meant = nearest(keys[at] ?? '', below(at))
  return meant === undefined ? undefined : keys.with(at, meant).join('.')
}
