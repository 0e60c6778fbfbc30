import {
  boolYaml11Tag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intCoreTag,
  intYaml11Tag,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  YAMLException,
} from 'js-yaml'
import {JhubError} from '../../../errors.js'

/** Octal numbers as `0644`, and numbers to the base of 60, which go-yaml does not know, as texts. */
const integer: typeof intYaml11Tag = {
  ...intYaml11Tag,
  resolve(source, isExplicit, tagName) {
    if (source.includes(':')) return NOT_RESOLVED
    const found = intYaml11Tag.resolve(source, isExplicit, tagName)
    return found === NOT_RESOLVED ? intCoreTag.resolve(source, isExplicit, tagName) : found
  },
}

/** What a chart may mark as such, as the text that it is. */
const marked = ['binary', 'timestamp'].map((name) =>
  defineScalarTag(`tag:yaml.org,2002:${name}`, {
    implicit: false,
    resolve: (source) => (name === 'binary' ? Buffer.from(source, 'base64').toString() : source),
    identify: () => false,
  }),
)

/** YAML as helm maps it, by sigs.k8s.io/yaml, which is go-yaml 2. Times are texts; helm itself renders large numbers as `1e+06`. */
const schema = FAILSAFE_SCHEMA.withTags(nullYaml11Tag, boolYaml11Tag, integer, floatCoreTag, mergeTag, ...marked)

/**
 * Every document that helm rendered, without the empty ones. Of a key that a chart gives twice, the last counts, as for helm. Throws
 * `JHUB-E214` for what cannot be read.
 */
export function renderedObjects(text: string): readonly unknown[] {
  try {
    return loadAll(text, {schema, json: true}).filter((value) => value !== null && value !== undefined)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new JhubError('JHUB-E214', `What helm made of the chart cannot be read: ${error.reason}`, {
      cause: error,
      fix: 'helm template CHART   # with the same chart and values',
    })
  }
}
