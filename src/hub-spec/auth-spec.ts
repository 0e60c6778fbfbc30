import {z} from 'zod'

/** How people may sign in. */
export const authMethods = ['password', 'shared-password', 'oidc', 'github', 'google', 'gitlab', 'microsoft'] as const

export type AuthMethod = (typeof authMethods)[number]

/** Who may sign in besides those whom the spec names. */
export interface AllowSpec {
  readonly everybody: boolean
  /** Of verified e-mail addresses, in lower case. */
  readonly domains: readonly string[]
  /** As the provider writes them. */
  readonly groups: readonly string[]
  readonly organizations: readonly string[]
}

/** How people sign in, with every default filled in. */
export interface AuthSpec {
  readonly method: AuthMethod
  /** Present where a provider says who somebody is. */
  readonly provider?: ProviderSpec
  readonly allow: AllowSpec
  /** Groups of the provider whose members are admins. */
  readonly adminGroups: readonly string[]
  /** The provider's group to ours. */
  readonly groups: ReadonlyMap<string, string>
}

/** Who says who somebody is. */
export interface ProviderSpec {
  /** Which class of `assets/hub` speaks to it. */
  readonly family: 'oidc' | 'github'
  /** Where it is, without a slash at the end that was not given. */
  readonly issuer: string
  readonly clientId: string
  /** What it is called on the button. */
  readonly label: string
  readonly scopes: readonly string[]
  /** The claim that is a person's name here. */
  readonly usernameClaim: string
  /** Cut off names that end in it. */
  readonly stripDomain?: string
  readonly groupsClaim: string
  /** The claim by which `allow.domains` goes; `email` counts only where it is verified. */
  readonly domainClaim: string
  /** PEM: by which the provider's certificate is known, where the system does not know it. */
  readonly ca?: string
}

const word = z.string().regex(/^\S+$/, 'must be one word')
const words = z.array(z.string().regex(/\S/, 'must not be empty'))
const domain = z
  .string()
  .regex(/^(?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\.)+[A-Za-z\d-]+$/, 'must be a domain, as uni.example')
const address = z.url({protocol: /^https?$/, error: 'must be an address, as https://login.uni.example'})

const allowSchema = z.strictObject({
  everybody: z.literal(true).optional().describe('Whoever the method lets through.'),
  domains: z.array(domain).optional().describe('Everybody whose verified e-mail address is of one of these.'),
  groups: words.optional().describe('Everybody in one of these groups of the provider.'),
  organizations: words.optional().describe('Everybody in one of these organizations of GitHub.'),
})

export const authSchema = z
  .strictObject({
    method: z
      .enum(authMethods)
      .optional()
      .describe('password (default), shared-password, oidc, github, google, gitlab or microsoft.'),
    issuer: address
      .optional()
      .describe('For oidc, and a GitLab of your own: the address by which the provider calls itself.'),
    clientId: word.optional().describe('By which the provider knows this hub.'),
    tenant: z
      .guid('must be the directory (tenant) ID')
      .optional()
      .describe('For microsoft: the directory (tenant) ID.'),
    url: address.optional().describe('For github: your own GitHub Enterprise Server.'),
    label: z.string().min(1).max(40).optional().describe('What the button on the login page calls the provider.'),
    scopes: z.array(word).optional().describe('What the provider is asked for. Default: openid, profile, email.'),
    usernameClaim: word.optional().describe('The claim that is the name of a person here.'),
    stripDomain: domain.optional().describe('Cut this domain off names: ana@uni.example is ana.'),
    groupsClaim: word.optional().describe('The claim that lists groups. Default: groups.'),
    ca: z.string().regex(/\S/).optional().describe("A PEM file: the authority of the provider's certificate."),
    allow: allowSchema.optional().describe('Who may sign in besides the people under "users". Default: nobody.'),
    adminGroups: words.optional().describe('Groups of the provider whose members may sign in, as admins.'),
    groups: z
      .record(z.string(), z.string())
      .optional()
      .describe('Groups of the provider, each with the group here that its members are in: {staff: ta}.'),
  })
  .describe('How people sign in.')

export type AuthDocument = z.infer<typeof authSchema>

/** What is fixed of each provider that has a name. */
const presets = {
  oidc: {label: undefined, usernameClaim: 'preferred_username', domainClaim: 'email'},
  google: {label: 'Google', usernameClaim: 'email', domainClaim: 'hd'},
  gitlab: {label: 'GitLab', usernameClaim: 'preferred_username', domainClaim: 'email'},
  microsoft: {label: 'Microsoft', usernameClaim: 'preferred_username', domainClaim: 'email'},
  github: {label: 'GitHub', usernameClaim: 'login', domainClaim: 'email'},
} as const

/** The one form that a checked document has. Names of groups of ours are normalised by `normaliseGroup`. */
export function toAuthSpec(document: AuthDocument | undefined, normaliseGroup: (name: string) => string): AuthSpec {
  const {method = 'password', allow = {}, adminGroups = [], groups = {}} = document ?? {}
  // Names of GitHub's organizations and teams are the same in capitals.
  const theirs = (name: string) => (method === 'github' ? name.toLowerCase() : name)
  const provider =
    method === 'password' || method === 'shared-password' ? undefined : toProvider(method, document ?? {})
  return {
    method,
    ...(provider === undefined ? {} : {provider}),
    allow: {
      everybody: allow.everybody ?? false,
      domains: (allow.domains ?? []).map((each) => each.toLowerCase()),
      groups: (allow.groups ?? []).map(theirs),
      organizations: (allow.organizations ?? []).map(theirs),
    },
    adminGroups: adminGroups.map(theirs),
    groups: new Map(Object.entries(groups).map(([name, ours]) => [theirs(name), normaliseGroup(ours)])),
  }
}

function toProvider(method: keyof typeof presets, document: AuthDocument): ProviderSpec {
  const {label, usernameClaim, domainClaim} = presets[method]
  const issuer = issuerOf(method, document)
  const {stripDomain, ca} = document
  return {
    family: method === 'github' ? 'github' : 'oidc',
    issuer,
    clientId: document.clientId ?? '',
    label: document.label ?? label ?? new URL(issuer).host,
    scopes: document.scopes ?? (method === 'github' ? githubScopes(document) : ['openid', 'profile', 'email']),
    usernameClaim: document.usernameClaim ?? usernameClaim,
    ...(stripDomain === undefined ? {} : {stripDomain: stripDomain.toLowerCase()}),
    groupsClaim: document.groupsClaim ?? 'groups',
    domainClaim,
    ...(ca === undefined ? {} : {ca}),
  }
}

function issuerOf(method: keyof typeof presets, {issuer, tenant, url}: AuthDocument): string {
  switch (method) {
    case 'google':
      return 'https://accounts.google.com'
    case 'microsoft':
      return `https://login.microsoftonline.com/${(tenant ?? '').toLowerCase()}/v2.0`
    case 'gitlab':
      return issuer ?? 'https://gitlab.com'
    case 'github':
      return (url ?? 'https://github.com').replace(/\/+$/, '')
    case 'oidc':
      return issuer ?? ''
  }
}

/** GitHub says in which organizations and teams somebody is only where it was asked for that. */
function githubScopes({allow, adminGroups, groups}: AuthDocument): readonly string[] {
  const asksGroups = [allow?.organizations, allow?.groups, adminGroups, Object.keys(groups ?? {})]
  return asksGroups.some((each) => each !== undefined && each.length > 0) ? ['read:org'] : []
}

/** What has to be given by `jhub auth secret`, in words; nothing where the method needs none. */
export function secretNeeded({method}: Pick<AuthSpec, 'method'>): string | undefined {
  if (method === 'password') return undefined
  return method === 'shared-password' ? "the room's password" : 'the client secret'
}

/** What a secret is for: one that was given for another client is none. */
export function secretPurpose({method, provider}: Pick<AuthSpec, 'method' | 'provider'>): string {
  return provider === undefined ? method : `${provider.issuer} ${provider.clientId}`
}
