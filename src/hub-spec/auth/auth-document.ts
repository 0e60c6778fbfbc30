import {z} from 'zod'

/** How people may sign in. */
export const authMethods = [
  'password',
  'shared-password',
  'oidc',
  'github',
  'google',
  'gitlab',
  'microsoft',
  'cilogon',
  'ldap',
  'lti',
  'class',
] as const

export type AuthMethod = (typeof authMethods)[number]

const word = z.string().regex(/^\S+$/, 'must be one word')
const words = z.array(z.string().regex(/\S/, 'must not be empty'))
const domain = z
  .string()
  .regex(/^(?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\.)+[A-Za-z\d-]+$/, 'must be a domain, as uni.example')
const address = z.url({protocol: /^https?$/, error: 'must be an address, as https://login.uni.example'})

const directoryAddress = z.url({protocol: /^ldaps?$/, error: 'must be an address, as ldaps://ldap.uni.example'})
const name = z.string().regex(/\S/, 'must not be empty')

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
      .describe(
        'password (default), shared-password, oidc, github, google, gitlab, microsoft, cilogon, ldap, lti or class.',
      ),
    issuer: address
      .optional()
      .describe('For oidc, lti, and a GitLab of your own: the address by which the provider calls itself.'),
    clientId: word.optional().describe('By which the provider knows this hub.'),
    tenant: z
      .guid('must be the directory (tenant) ID')
      .optional()
      .describe('For microsoft: the directory (tenant) ID.'),
    url: address.optional().describe('For github: your own GitHub Enterprise Server.'),
    authorizeUrl: address
      .optional()
      .describe('For lti: where the learning platform signs people in (its authentication request URL).'),
    keysUrl: address.optional().describe("For lti: the learning platform's public keys (its keyset URL)."),
    label: z.string().min(1).max(40).optional().describe('What the button on the login page calls the provider.'),
    scopes: z.array(word).optional().describe('What the provider is asked for. Default: openid, profile, email.'),
    usernameClaim: word.optional().describe('The claim that is the name of a person here.'),
    stripDomain: domain.optional().describe('Cut this domain off names: ana@uni.example is ana.'),
    groupsClaim: word.optional().describe('The claim that lists groups. Default: groups.'),
    server: directoryAddress
      .optional()
      .describe('For ldap: where the directory is. ldap:// is made safe by StartTLS before anything is said.'),
    base: name
      .optional()
      .describe('For ldap: below which entry people are looked for, as ou=people,dc=uni,dc=example.'),
    userAttribute: z
      .string()
      .regex(/^[A-Za-z][\w-]*$/, 'must be the name of an attribute, as uid')
      .optional()
      .describe('For ldap with "base": the attribute that is the name of a person here. Default: uid.'),
    bindDn: name.optional().describe('For ldap with "base": the entry as which the hub looks. Default: nobody.'),
    userDn: name
      .optional()
      .describe('For ldap, in place of "base": the entry of a person, as uid={username},ou=people,dc=uni,dc=example.'),
    identityProviders: z
      .array(
        z
          .string()
          .regex(/^(?:https?:\/\/|urn:)\S+$/, 'must be an entity ID, as https://login.uni.example/idp/shibboleth'),
      )
      .min(1)
      .optional()
      .describe('For cilogon: entity IDs of the institutions whose accounts count; no other account can sign in.'),
    deployments: words
      .min(1)
      .optional()
      .describe('For lti: deployment IDs that count. Default: every one of the client.'),
    class: z
      .string()
      .regex(
        /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/,
        'must be module:Class, as tmpauthenticator:TmpAuthenticator',
      )
      .optional()
      .describe('For class: any authenticator of JupyterHub, as module:Class.'),
    config: z.record(z.string(), z.json()).optional().describe('For class: what its traits are set to.'),
    secretTrait: z
      .string()
      .regex(/^[a-z_]\w*$/i, 'must be the name of a trait, as client_secret')
      .optional()
      .describe('For class: the trait that is set to the secret of `jhub auth secret`.'),
    requirements: z
      .string()
      .regex(/\S/)
      .optional()
      .describe(
        'For class, on one machine: a file of packages to install for the hub, each with its version and hashes.',
      ),
    ca: z.string().regex(/\S/).optional().describe('A PEM file: the certificate authority of the provider.'),
    allow: allowSchema.optional().describe('Who may sign in besides the people under "users". Default: nobody.'),
    adminGroups: words.optional().describe('Groups of the provider whose members may sign in, as admins.'),
    groups: z
      .record(z.string(), z.string())
      .optional()
      .describe('Groups of the provider, each with the group here that its members are in: {staff: ta}.'),
  })
  .describe('How people sign in.')

export type AuthDocument = z.infer<typeof authSchema>
