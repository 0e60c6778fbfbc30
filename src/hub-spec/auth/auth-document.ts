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
const words = z.array(z.string().regex(/^\S(?:.*\S)?$/s, 'must not be empty, nor begin or end with white space'))
const domain = z
  .string()
  .regex(/^(?:[A-Za-z\d](?:[A-Za-z\d-]*[A-Za-z\d])?\.)+[A-Za-z\d-]+$/, 'must be a domain, for example uni.example')
const address = z.url({protocol: /^https?$/, error: 'must be an address, for example https://login.uni.example'})

const directoryAddress = z.url({
  protocol: /^ldaps?$/,
  error: 'must be an address, for example ldaps://ldap.uni.example',
})
const name = z.string().regex(/\S/, 'must not be empty')

const allowSchema = z.strictObject({
  everybody: z.literal(true).optional().describe('Everybody who can sign in with the method.'),
  domains: z.array(domain).optional().describe('Everybody with a verified e-mail address in one of these domains.'),
  groups: words.optional().describe('Everybody in one of these groups at the provider.'),
  organizations: z
    .array(z.string().regex(/^\S+$/, 'must be the name of an organization, without white space'))
    .optional()
    .describe('Everybody in one of these GitHub organizations.'),
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
      .describe('For oidc, lti and your own GitLab: the address that the provider calls itself.'),
    clientId: word.optional().describe('The ID that the provider gave this hub.'),
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
    scopes: z.array(word).optional().describe('The scopes to ask the provider for. Default: openid, profile, email.'),
    usernameClaim: word.optional().describe("The claim to use as a person's name here."),
    stripDomain: domain.optional().describe('Remove this domain from names: ana@uni.example becomes ana.'),
    groupsClaim: word.optional().describe('The claim that lists groups. Default: groups.'),
    server: directoryAddress
      .optional()
      .describe('For ldap: the address of the directory. ldap:// uses StartTLS before anything else is sent.'),
    base: name
      .optional()
      .describe('For ldap: the entry below which to look for people, for example ou=people,dc=uni,dc=example.'),
    userAttribute: z
      .string()
      .regex(/^[A-Za-z][\w-]*$/, 'must be the name of an attribute, for example uid')
      .optional()
      .describe('For ldap with "base": the attribute to use as a person\'s name here. Default: uid.'),
    bindDn: name
      .optional()
      .describe('For ldap with "base": the entry with which the hub searches. Default: none (anonymous).'),
    userDn: name
      .optional()
      .describe(
        'For ldap, instead of "base": a person\'s entry, for example uid={username},ou=people,dc=uni,dc=example.',
      ),
    identityProviders: z
      .array(
        z
          .string()
          .regex(
            /^(?:https?:\/\/|urn:)\S+$/,
            'must be an entity ID, for example https://login.uni.example/idp/shibboleth',
          ),
      )
      .min(1)
      .optional()
      .describe('For cilogon: entity IDs of the institutions whose accounts count; no other account can sign in.'),
    deployments: words
      .min(1)
      .optional()
      .describe("For lti: the deployment IDs that count. Default: all of the client's."),
    class: z
      .string()
      .regex(
        /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$/,
        'must be module:Class, for example tmpauthenticator:TmpAuthenticator',
      )
      .optional()
      .describe('For class: any JupyterHub authenticator, as module:Class.'),
    config: z.record(z.string(), z.json()).optional().describe('For class: values for its traits.'),
    secretTrait: z
      .string()
      .regex(/^[a-z_]\w*$/i, 'must be the name of a trait, for example client_secret')
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
    allow: allowSchema.optional().describe('Who can sign in besides the people under "users". Default: nobody.'),
    adminGroups: words.optional().describe('Groups at the provider whose members can sign in, as admins.'),
    groups: z
      .record(z.string(), z.string())
      .optional()
      .describe('Groups at the provider, each with the group here that its members join: {staff: ta}.'),
  })
  .describe('How people sign in.')

export type AuthDocument = z.infer<typeof authSchema>
