import type {Keys} from '../take-keys.js'
import {className} from '../sign-in/authenticators.js'
import {layerValues} from './reading/layer-values.js'
import {isRecord} from '../../document/is-record.js'

export interface NamedClasses {
  readonly values: Keys
  /** Sections under another name than the class's, with that. */
  readonly renamed: readonly (readonly [string, string])[]
}

/** The values with the sections of `hub.config` under the names of their classes: `jupyterhub` and `github` are sections too. */
export function nameClasses(values: Keys): NamedClasses {
  const hub = values['hub']
  const config = isRecord(hub) ? hub['config'] : undefined
  if (!isRecord(hub) || !isRecord(config)) return {values, renamed: []}
  const renamed = Object.keys(config).flatMap((key) => {
    const name = className(key)
    return name === key || !isRecord(config[key]) || key.includes('.') ? [] : [[key, name] as const]
  })
  const names = new Map(renamed)
  const merged = Object.entries(config).reduce<Keys>(
    (all, [key, section]) => layerValues(all, {[names.get(key) ?? key]: section}),
    {},
  )
  return {values: {...values, hub: {...hub, config: merged}}, renamed}
}
