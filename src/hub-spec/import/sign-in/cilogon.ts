import {cilogonScopes} from '../../auth/auth-provider.js'
import {isRecord} from '../../document/is-record.js'
import type {Keys} from '../take-keys.js'
import {client, rules} from './accounts.js'
import {filled, isTrue, text, texts, type ClassTraits} from './class-traits.js'

/** What the class says of one institution. */
interface Institution {
  readonly id: string
  readonly claim: string
  /** Cut off names. */
  readonly domain?: string
  /** Whether everybody of it is let in. */
  readonly isOpen: boolean
  /** Whether CILogon proposes it. */
  readonly isDefault: boolean
  /** Names with something put before them, which has no counterpart. */
  readonly isSpecial: boolean
  /** Whose people it lets in. */
  readonly domains: readonly string[]
}

/** CILogon; nothing where the institutions are not named by entity ID. One way to name people holds for all institutions here; where they differ, people are named by `eppn`. */
export function readCilogon(traits: ClassTraits): Keys | undefined {
  const there = traits.look('allowed_idps')
  const ids = isRecord(there) ? Object.keys(there) : texts(there)
  // Before they were named by entity ID, by a domain.
  if (ids.length === 0 || !ids.every((id) => /^(?:https?|urn):/.test(id))) return undefined
  const said = traits.take('allowed_idps')
  const institutions = isRecord(said)
    ? Object.entries(said).map(([id, entry]) => readInstitution(id, isRecord(entry) ? entry : {}))
    : texts(said).map((id) => readInstitution(id, {}))
  const [first] = institutions
  const isOne = institutions.every(({claim, domain}) => claim === first?.claim && domain === first.domain)
  if (!isOne || institutions.some(({isSpecial}) => isSpecial))
    traits.note(
      'allowed_idps',
      'names people otherwise at some institutions; here one way holds for all. Check the names of people.',
    )
  const proposed = institutions.filter(({isDefault}) => isDefault).map(({id}) => id)
  if (proposed.length > 0)
    traits.note(
      'allowed_idps',
      `proposes ${proposed.join(', ')}; that is left out: CILogon asks people for their institution.`,
    )
  const domains = [...new Set(institutions.flatMap((each) => each.domains))]
  if (domains.length > 0)
    traits.note(
      'allowed_idps',
      `lets people of ${domains.join(', ')} in, each by their own institution; that is left out. Name people, or auth.allow.`,
    )
  const areOpen = institutions.length > 0 && institutions.every(({isOpen}) => isOpen)
  if (!areOpen && institutions.some(({isOpen}) => isOpen))
    traits.note('allowed_idps', 'lets everybody of some institutions in; that is left out. Name people, or auth.allow.')
  return {
    method: 'cilogon',
    ...client(traits),
    ...filled({
      identityProviders: institutions.map(({id}) => id),
      usernameClaim: isOne && first?.claim !== 'eppn' ? first?.claim : undefined,
      stripDomain: isOne ? first?.domain : undefined,
      scopes: scopesWith(texts(traits.take('scope'))),
    }),
    ...rules(traits, areOpen ? {everybody: true} : {}),
  }
}

/** Nothing where no scope is asked for besides those that CILogon is asked for anyway. */
function scopesWith(asked: readonly string[]): readonly string[] {
  const all = new Set([...cilogonScopes, ...asked])
  return all.size === cilogonScopes.length ? [] : [...all]
}

function readInstitution(id: string, entry: Keys): Institution {
  const naming = isRecord(entry['username_derivation']) ? entry['username_derivation'] : {}
  const [action, domain] = [text(naming['action']), text(naming['domain'])]
  return {
    id,
    claim: text(naming['username_claim']) ?? 'eppn',
    ...(action === 'strip_idp_domain' && domain !== undefined ? {domain} : {}),
    isOpen: isTrue(entry['allow_all']),
    isDefault: isTrue(entry['default']),
    isSpecial: action === 'prefix',
    domains: texts(entry['allowed_domains']),
  }
}
