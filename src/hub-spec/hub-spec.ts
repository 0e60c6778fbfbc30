import {z} from 'zod'
import {definedOnly, ifDefined} from '../defined-only.js'
import {authSchema} from './auth/auth-document.js'
import {toAuthSpec, type AuthSpec} from './auth/auth-spec.js'
import {toBaseUrl} from './access/base-url.js'
import {baseUrlSchema} from './access/base-url-document.js'
import {normaliseGroupName} from './people/group-name.js'
import {toEgress, type Egress} from './access/egress.js'
import {egressSchema} from './access/egress-document.js'
import {httpsSchema} from './access/https-document.js'
import {defaultPort, toHttpsSpec, type HttpsSpec} from './access/https-spec.js'
import {withClusterImage} from './images/cluster-image.js'
import {chooseSchema, imageNameSchema, imagesSchema} from './images/images-document.js'
import {toImageSpec, type ImageSpec} from './images/images-spec.js'
import {kubernetesSchema, toKubernetesSpec, type KubernetesSpec} from './place/kubernetes-spec.js'
import {limitsSchema, toLimits, totalSchema, toTotal, type Limits, type TotalLimits} from './limits/limits-spec.js'
import {personKeys, toPersonKeys, type PersonKeys} from './people/person-keys.js'
import {parseDuration} from './limits/quantity.js'
import {readable} from './document/readable.js'
import {normaliseUserName} from './people/user-name.js'
import {toVmSpec, vmSchema, type VmSpec} from './place/vm-spec.js'
import {contentSchema} from './content-document.js'
import {toContent, type ContentSpec} from './content-spec.js'
import {filesSchema, toFiles, type FilesSpec} from './files-spec.js'
import {workshopSchema, type WorkshopSpec} from './workshop-spec.js'

export {toLimits, type Limits, type LimitsDocument, type TotalLimits} from './limits/limits-spec.js'
export type {MachineName} from './place/machine-name.js'

export interface UserSpec extends PersonKeys {
  readonly admin: boolean
  readonly groups: readonly string[]
  readonly limits: Limits
  /** The image of this person's server. */
  readonly image?: string
  /** Images among which this person chooses. */
  readonly choose?: readonly string[]
}

export interface GroupSpec {
  readonly limits: Limits
  /** The image of its members' servers. */
  readonly image?: string
  /** Images among which its members choose. */
  readonly choose?: readonly string[]
}

/** The wanted state of a hub, with every default filled in. */
export interface HubSpec {
  readonly version: 1
  readonly name: string
  readonly mode: 'vm' | 'k8s'
  readonly vm: VmSpec
  readonly k8s: KubernetesSpec
  readonly access: {
    readonly address: string
    readonly port: number
    readonly lan: boolean
    readonly https?: HttpsSpec
    /** The path of the hub at its address, `/jupyter/`; absent: it is at the root. */
    readonly baseUrl?: string
    /** What the servers of people may reach. */
    readonly egress: Egress
  }
  /** How people sign in, and who may besides `users`. */
  readonly auth: AuthSpec
  readonly users: ReadonlyMap<string, UserSpec>
  readonly groups: ReadonlyMap<string, GroupSpec>
  readonly limits: {readonly default: Limits; readonly total: TotalLimits}
  /** The image of everybody's server; absent: what jhub itself installs. */
  readonly image?: string
  /** Images among which everybody chooses when a server starts. */
  readonly choose?: readonly string[]
  readonly images: ReadonlyMap<string, ImageSpec>
  /** Servers that nobody used for this long are stopped; `undefined`: never. */
  readonly idle: {readonly afterMs?: number}
  readonly hub: {readonly extraConfig?: string}
  readonly files: FilesSpec
  readonly content?: ContentSpec
  readonly workshop: WorkshopSpec
}

const groupName = z.string()

const user = z
  .strictObject({
    ...personKeys,
    admin: z.boolean().optional().describe('Can see and stop every server, and manage people on the hub.'),
    groups: z.array(groupName).optional().describe('Groups this person is in; each is named under "groups".'),
    limits: limitsSchema.optional().describe("This person's limits; they win over groups and default."),
    image: imageNameSchema.optional().describe("The image of this person's server; it wins over groups and default."),
    choose: chooseSchema.optional(),
  })
  .nullable()

const group = z
  .strictObject({
    limits: limitsSchema
      .optional()
      .describe('The limits of its members. If a person is in several groups, the largest limit counts.'),
    image: imageNameSchema
      .optional()
      .describe("The image of its members' servers. If a person is in several groups, the first in this file counts."),
    choose: chooseSchema.optional(),
  })
  .nullable()

/** The document, as it stands in `jhub.yaml`. */
export const hubSpecSchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format.'),
    name: z
      .string()
      .regex(
        /^[a-z]([a-z0-9-]{0,29}[a-z0-9])?$/,
        'must be a lower-case letter, then letters, digits and "-", at most 31',
      )
      .describe('The name of the hub, which its directories have too.'),
    mode: z.enum(['vm', 'k8s']).describe('Where the hub runs: vm is one machine, k8s is a Kubernetes cluster.'),
    vm: vmSchema.optional().describe('For mode vm.'),
    k8s: kubernetesSchema.optional(),
    access: z
      .strictObject({
        address: z.union([z.ipv4(), z.ipv6()]).optional().describe('The address to listen on. Default: 127.0.0.1.'),
        port: z
          .int()
          .min(1)
          .max(65_535)
          .optional()
          .describe('The port to listen on. Default: 8000; with https.domain 443.'),
        lan: z.boolean().optional().describe('Open to the local network. Default: only this machine.'),
        https: httpsSchema.optional(),
        baseUrl: baseUrlSchema.optional(),
        egress: egressSchema.optional(),
      })
      .optional()
      .describe('How people reach the hub.'),
    auth: authSchema.optional(),
    users: z
      .union([z.array(z.union([z.string(), z.number()])), z.record(z.string(), user)])
      .nullable()
      .optional()
      .describe('Who can log in: a list of names, or names with their settings.'),
    groups: z.record(z.string(), group).nullable().optional().describe('Groups of people that share limits.'),
    image: imageNameSchema
      .optional()
      .describe("The image of everybody's server. Default: JupyterLab and what jhub itself installs."),
    images: imagesSchema.optional(),
    choose: chooseSchema.optional(),
    limits: z
      .strictObject({
        default: limitsSchema.optional().describe("Everybody's limits."),
        total: totalSchema.optional().describe('Limits of the whole hub.'),
      })
      .nullable()
      .optional()
      .describe('How much each server can use. The most specific rule wins, key by key.'),
    idle: z
      .strictObject({
        after: z
          .union([z.literal('never'), readable(parseDuration, '90m or 1h')])
          .optional()
          .describe('Stop servers that nobody has used for this long, for example 1h; or never. Default: 1h.'),
      })
      .optional()
      .describe('What happens to servers that nobody uses.'),
    files: filesSchema.optional(),
    content: contentSchema.optional(),
    workshop: workshopSchema.optional(),
    hub: z
      .strictObject({
        extraConfig: z
          .string()
          .min(1)
          .optional()
          .describe("A Python file that is appended to JupyterHub's own configuration."),
      })
      .optional()
      .describe('For experts.'),
  })
  .describe('The settings of a JupyterHub, which `jhub up` applies.')

export type HubDocument = z.infer<typeof hubSpecSchema>

/** JSON Schema (draft 2020-12) of `jhub.yaml`. */
export function hubSpecJsonSchema(): object {
  return {title: 'jhub.yaml', ...z.toJSONSchema(hubSpecSchema, {target: 'draft-2020-12', io: 'input'})}
}

const hourMs = 3_600_000

/** A valid document with its defaults. Names are normalised. */
export function toHubSpec(written: HubDocument): HubSpec {
  const document = withClusterImage(written)
  const {access = {}, users, groups, image, images, choose, limits: rules, idle, hub} = document
  const lan = access.lan ?? false
  const port = access.port ?? defaultPort(access.https?.domain)
  const after = idle?.after
  const baseUrl = toBaseUrl(access.baseUrl)
  return {
    version: 1,
    name: document.name,
    mode: document.mode,
    vm: toVmSpec(document.vm),
    k8s: toKubernetesSpec(document.k8s),
    access: {
      address: access.address ?? (lan ? '0.0.0.0' : '127.0.0.1'),
      port,
      lan,
      ...definedOnly({https: ifDefined(access.https, (https) => toHttpsSpec(https, {port, lan})), baseUrl}),
      egress: toEgress(access.egress),
    },
    auth: toAuthSpec(document.auth, normaliseGroupName),
    users: new Map(namedUsers(users).map(([name, entry]) => [normaliseUserName(name), toUser(entry)])),
    groups: new Map(
      Object.entries(groups ?? {}).map(([name, entry]) => [
        normaliseGroupName(name),
        {limits: toLimits(entry?.limits), ...toImageRules(entry)},
      ]),
    ),
    ...toImageRules({image, choose}),
    images: new Map(
      Object.entries(images ?? {}).map(([name, entry]) => [
        name,
        toImageSpec({hubName: document.name, mode: document.mode}, name, entry),
      ]),
    ),
    limits: {default: toLimits(rules?.default), total: toTotal(rules?.total)},
    idle: after === 'never' ? {} : {afterMs: after === undefined ? hourMs : parseDuration(after)},
    files: toFiles(document.files),
    ...definedOnly({content: ifDefined(document.content, toContent)}),
    workshop: document.workshop ?? {},
    hub: hub?.extraConfig === undefined ? {} : {extraConfig: hub.extraConfig},
  }
}

type UserDocument = z.infer<typeof user>

/** Users as pairs, whether the document has a list or a map. */
export function namedUsers(users: HubDocument['users']): readonly (readonly [string, UserDocument])[] {
  if (users === undefined || users === null) return []
  return Array.isArray(users) ? users.map((name) => [String(name), null] as const) : Object.entries(users)
}

function toUser(entry: UserDocument): UserSpec {
  return {
    ...toPersonKeys(entry),
    admin: entry?.admin ?? false,
    groups: [...new Set((entry?.groups ?? []).map(normaliseGroupName))],
    limits: toLimits(entry?.limits),
    ...toImageRules(entry),
  }
}

type ImageRules = Pick<UserSpec, 'image' | 'choose'>

function toImageRules(entry: {readonly [Key in keyof ImageRules]?: ImageRules[Key] | undefined} | null): ImageRules {
  const {image, choose} = entry ?? {}
  return definedOnly({image, choose})
}
