import {JhubError} from '../../errors.js'
import {takeKeys} from './take-keys.js'
import {isOn, wordOf} from './tljh-words.js'
import {readYamlMap} from '../document/yaml-text.js'

/** The ports that TLJH listens on, by the text of its `config.yaml`; its defaults where that cannot be read. */
export function tljhPorts(config: string): readonly number[] {
  const {take} = takeKeys(readOrNothing(config))
  const port = (scheme: 'http' | 'https', otherwise: number) => Number(wordOf(take(scheme, 'port')) ?? otherwise)
  return [port('http', 80), ...(isOn(take('https', 'enabled')) ? [port('https', 443)] : [])]
}

function readOrNothing(config: string): Readonly<Record<string, unknown>> {
  try {
    return readYamlMap(config, 'config.yaml', {values: 'text', mayBeEmpty: true})
  } catch (error) {
    if (error instanceof JhubError) return {}
    throw error
  }
}
