import {
  boolYaml11Tag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  intYaml11Tag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
} from 'js-yaml'

/** Octal numbers as `0644`, and numbers to the base of 60, which go-yaml does not know, as texts. */
const integer: typeof intYaml11Tag = {
  ...intYaml11Tag,
  resolve(source, isExplicit, tagName) {
    if (source.includes(':')) return NOT_RESOLVED
    const found = intYaml11Tag.resolve(source, isExplicit, tagName)
    return found === NOT_RESOLVED ? intCoreTag.resolve(source, isExplicit, tagName) : found
  },
}

/** YAML as helm maps it, by sigs.k8s.io/yaml, which is go-yaml 2. Times are texts; helm itself renders large numbers as `1e+06`. */
const schema = FAILSAFE_SCHEMA.withTags(nullYaml11Tag, boolYaml11Tag, integer, floatCoreTag, mergeTag)

/** Every document that helm rendered, without the empty ones. Of a key that a chart gives twice, the last counts, as for helm. */
export function renderedObjects(text: string): readonly unknown[] {
  return loadAll(text, {schema, json: true}).filter((value) => value !== null && value !== undefined)
}
