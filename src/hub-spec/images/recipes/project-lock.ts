import {normalName} from './requirement.js'

/** The packages that a project itself asks for, of its uv.lock. uv writes that file, and always in this form. */
export function projectDependencies(lock: string): readonly string[] {
  const own = lock
    .replaceAll('\r\n', '\n')
    .split(/^\[\[package\]\]$/m)
    .find((block) => /^source = \{ (?:virtual|editable) = "\." \}$/m.test(block))
  const [, list = ''] = /^dependencies = \[\n([\s\S]*?)^\]/m.exec(own ?? '') ?? []
  return [...new Set([...list.matchAll(/\{ name = "([^"]+)"/g)].map(([, name = '']) => normalName(name)))]
}
