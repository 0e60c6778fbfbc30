import {isRecord, type Keys} from '../take-keys.js'

export interface WithoutSecrets {
  readonly values: Keys
  /** Where a secret was. */
  readonly paths: readonly (readonly string[])[]
}

/** The values without what is, or looks like, a secret. Names of Kubernetes' own secrets stay: they open nothing. */
export function withoutSecrets(values: Keys): WithoutSecrets {
  const paths: (readonly string[])[] = []
  const clean = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) {
      const items: readonly unknown[] = value
      return items.flatMap((item, index) => {
        const at = [...path, nameOf(item) ?? String(index)]
        if (isNamedSecret(item) || isSecretText(item)) {
          paths.push(at)
          return []
        }
        return [clean(item, at)]
      })
    }
    if (!isRecord(value)) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        const at = [...path, key]
        if (isSecretText(inner) || holdsSecret(key, inner, path)) {
          paths.push(at)
          return []
        }
        return [[key, clean(inner, at)]]
      }),
    )
  }
  return {values: clean(values, []) as Keys, paths}
}

const secretName =
  /(?:secret|pass(?:word|wd|phrase)?|pwd|token|credentials?|(?:private|api|access|secret|account|encryption|signing|shared|crypt|auth|hmac)[-_]?keys?|auth|jwt|salt|cookie)(?:[-_]?(?:value|text|data|base64|b64))?$/i

/** Under these, words are names of things in the cluster. */
const onlyNames =
  /^(?:secretKeyRef|configMapKeyRef|secretRef|valueFrom|imagePullSecrets|pullSecrets|labels|nodeSelector|matchLabels)$/

function holdsSecret(key: string, value: unknown, path: readonly string[]): boolean {
  if (path.some((part) => onlyNames.test(part)) || onlyNames.test(key)) return false
  if (!isSecretName(key)) return false
  if (isRecord(value)) return typeof value['value'] === 'string'
  return isFilled(value) || (Array.isArray(value) && value.length > 0 && value.every(isFilled))
}

/** A name by which people call secrets, however it is written; `pass` alone is half a word. */
export function isSecretName(key: string): boolean {
  return secretName.test(key) && !/(?:compass|bypass|by_pass|oauth|trespass)$/i.test(key)
}

function isFilled(value: unknown): boolean {
  return (typeof value === 'string' && value !== '') || typeof value === 'number'
}

/** `{name: DB_PASSWORD, value: …}`, as lists of variables have it. */
function isNamedSecret(item: unknown): boolean {
  return isRecord(item) && typeof item['name'] === 'string' && isSecretName(item['name']) && isFilled(item['value'])
}

function nameOf(item: unknown): string | undefined {
  return isRecord(item) && typeof item['name'] === 'string' ? item['name'] : undefined
}

const secretTexts = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b[a-z][a-z\d+.-]*:\/\/[^\s/:@'"]*:[^\s/@'"]+@/i,
  /\b(?:gh[pousr]_[A-Za-z\d]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[A-Z\d]{16}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.)/,
  /^ENC\[AES256_GCM,/,
  /(?:secret|passw(?:or)?d|passphrase|token|api_?key|private_?key)\w*["']?\]?\s*[=:]\s*[bru]?["'][^"'\s{}$]{6,}["']/i,
]

/** Text that holds a secret whatever its name is: keys, addresses with passwords, well-known tokens, assignments in code. */
export function isSecretText(value: unknown): boolean {
  return typeof value === 'string' && secretTexts.some((pattern) => pattern.test(value))
}
