import type {AcmeSpec} from '../../../hub-spec/access/https-spec.js'

/** The certificate authority, as people call it. */
export function authorityName({directory}: AcmeSpec): string {
  return directory === undefined ? "Let's Encrypt" : new URL(directory).host
}
