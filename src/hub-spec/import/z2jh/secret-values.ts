import type {Keys} from '../take-keys.js'
import {isRecord} from '../../document/is-record.js'
import {textInBase64} from '../../place/hub-code.js'
import {itemKey} from './reading/list-items.js'

/** Stands in place of a secret while values are read, so that nothing can write or show it. */
const hidden = '(secret)'

/** The values with what is, or looks like, a secret hidden. Names of Kubernetes' own secrets stay: they open nothing. */
export function hideSecrets(values: Keys): Keys {
  const hide = (value: unknown, path: readonly string[]): unknown => {
    if (isSecretText(value)) return hidden
    if (isCommand(value) && holdsSecretFlag(value)) return hidden
    if (Array.isArray(value))
      return value.map((item) => (isNamedSecret(item) ? {...item, value: hidden} : hide(item, path)))
    if (!isRecord(value)) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        holdsSecret(key, inner, path) ? hidden : hide(inner, [...path, key]),
      ]),
    )
  }
  return hide(values, []) as Keys
}

export interface WithoutHidden {
  readonly values: Keys
  /** Where a secret was. */
  readonly paths: readonly (readonly string[])[]
}

/** The values without what was hidden. */
export function withoutHidden(values: Keys): WithoutHidden {
  const paths: (readonly string[])[] = []
  const isLeft = (value: unknown, path: readonly string[]) => {
    const isHidden = value === hidden || (isRecord(value) && (value['value'] === hidden || isHiddenFile(value, path)))
    if (isHidden) paths.push(path)
    return !isHidden
  }
  const clean = (value: unknown, path: readonly string[]): unknown => {
    const at = (key: string) => [...path, key]
    if (Array.isArray(value)) {
      const items = (value as readonly unknown[]).map((item, index) => [itemKey(item, index), item] as const)
      return items.filter(([key, item]) => isLeft(item, at(key))).map(([key, item]) => clean(item, at(key)))
    }
    if (!isRecord(value)) return value
    const entries = Object.entries(value).filter(([key, inner]) => isLeft(inner, at(key)))
    return Object.fromEntries(entries.map(([key, inner]) => [key, clean(inner, at(key))]))
  }
  return {values: clean(values, []) as Keys, paths}
}

/** A file without what was in it is none that the chart takes. */
function isHiddenFile(value: Keys, path: readonly string[]): boolean {
  return path.at(-2) === 'extraFiles' && ['stringData', 'binaryData', 'data'].some((key) => value[key] === hidden)
}

const secretName =
  /(?:secret|pass(?:word|wd|phrase)?|pwd|token|credentials?|(?:private|api|access|secret|account|encryption|signing|shared|crypt|auth|hmac)[-_]?keys?|jwt|salt)(?:[-_]?(?:value|text|data|base64|b64))?$/i

/** Here, and below, words are names of things in the cluster. */
const onlyNames = /^(?:secretKeyRef|configMapKeyRef|secretRef|valueFrom|existingSecret)$/

/** Right below this, names are what people call their pieces of code. */
const isCode = (value: unknown, path: readonly string[]) =>
  path.at(-1) === 'extraConfig' && typeof value === 'string' && /\s/.test(value)

function holdsSecret(key: string, value: unknown, path: readonly string[]): boolean {
  if (key === 'binaryData' && typeof value === 'string' && isSecretText(textInBase64(value))) return true
  if (path.some((part) => onlyNames.test(part)) || onlyNames.test(key)) return false
  if (!isSecretName(key) || isCode(value, path)) return false
  if (isRecord(value)) return typeof value['value'] === 'string'
  return isFilled(value) || (Array.isArray(value) && value.length > 0 && value.every(isFilled))
}

/** A name by which people call secrets, however it is written; `pass` alone is half a word. */
function isSecretName(key: string): boolean {
  return secretName.test(key) && !/(?:compass|bypass|by_pass|oauth|trespass)$/i.test(key)
}

function isCommand(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((word) => typeof word === 'string')
}

/** Without one of its words, a command would be another. */
function holdsSecretFlag(words: readonly string[]): boolean {
  return words.some(isSecretText) || secretFlag.test(words.join(' '))
}

function isFilled(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

/** `{name: DB_PASSWORD, value: …}`, as lists of variables have it. */
function isNamedSecret(item: unknown): item is Keys {
  return isRecord(item) && typeof item['name'] === 'string' && isSecretName(item['name']) && isFilled(item['value'])
}

/** `--password=…` or `--token …`; not what a variable gives, nor a file, nor an empty one. */
const secretFlag =
  /(?:^|\s)--?[\w.-]*(?:secret|passw(?:or)?d|passphrase|token|api-?key|private-?key)(?:=|\s+)["']?[^\s"'${<-][^\s"'$]{5,}/i

const secretTexts = [
  secretFlag,
  /^\$ANSIBLE_VAULT;/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@'"]*:[^\s/@'"]+@/i,
  /\b(?:gh[pousr]_[A-Za-z\d]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z\d]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.)/,
  /^ENC\[AES256_GCM,/,
  /(?:secret|passw(?:or)?d|passphrase|token|api_?key|private_?key)\w*["']?\]?\s*[=:]\s*[bru]?["'][^"'\s{}$]{6,}["']/i,
  // Without quotes, as files of shells and of clouds have it; a word without a digit is the name of something.
  /^[\w .-]*(?:secret|passw(?:or)?d|passphrase|token|(?:api|private|access)_?key)\s*[=:]\s*(?=\S*\d)[\w+=.-][\w+/=.-]{7,}\s*$/im,
  /\bmachine\s+\S+\s+login\s+\S+\s+password\s+\S/,
  /\$(?:apr1|2[abxy]|argon2\w+|[156y])\$[\w./$=,+-]{20,}/,
  /\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer|token)\s+[\w+/=.-]{8,}/i,
  /\bhttps?:\/\/[\w-]{20,}@/,
  /\bhooks\.slack\.com\/services\/\w+\/\w+\/\w+|\bdiscord(?:app)?\.com\/api\/webhooks\/\d+\/\w/,
]

/** Text that holds a secret whatever its name is: keys, addresses with passwords, well-known tokens, assignments in code. */
export function isSecretText(value: unknown): boolean {
  return typeof value === 'string' && secretTexts.some((pattern) => pattern.test(value))
}
