import {isScalar, type ScalarTag, type Tags} from 'yaml'

/**
 * YAML 1.1 as go-yaml has it: `0o644` is a number of base 8, and times, sexagesimal numbers, numbers out of range and YAML 1.1's
 * own collections are none.
 */
export function asGo(tags: Tags): Tags {
  return [
    newOctal,
    ...tags
      .filter((tag) => typeof tag === 'string' || !isUnknown(tag))
      .map((tag) => (typeof tag !== 'string' && isNumber(tag) ? finite(tag) : tag)),
  ]
}

const newOctal: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[oO][0-7][0-7_]*$/,
  resolve: (text) => Number.parseInt(text.replace(/0o|_/gi, ''), 8),
}

type Tag = Exclude<Tags[number], string>

function isUnknown(tag: Tag): boolean {
  return ('format' in tag && tag.format === 'TIME') || /:(?:timestamp|binary|omap|pairs|set)$/.test(tag.tag)
}

function isNumber(tag: Tag): tag is ScalarTag {
  return tag.tag === 'tag:yaml.org,2002:float' && tag.collection === undefined
}

/** `.` and `1e400` look like numbers, and are texts. */
function finite(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    resolve(text, onError, options) {
      const read = tag.resolve(text, onError, options)
      return Number.isFinite(isScalar(read) ? read.value : read) ? read : text
    },
  }
}
