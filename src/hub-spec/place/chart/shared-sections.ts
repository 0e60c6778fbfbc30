import {z} from 'zod'
import {
  as,
  firmFree,
  firmList,
  firmOneOf,
  firmSwitch,
  firmText,
  firmThings,
  labels,
  list,
  onOff,
  oneOf,
  section,
  text,
  things,
  whole,
} from './value-kinds.js'

const pullPolicy = oneOf('IfNotPresent', 'Always', 'Never', '')

export const image = section({name: firmText, tag: firmText, pullPolicy, pullSecrets: firmList})

export const pdb = section({enabled: onOff, maxUnavailable: whole, minAvailable: whole})

export const serviceAccount = section({create: firmSwitch, name: text, annotations: labels()})

export const networkPolicy = section({
  enabled: onOff,
  ingress: things,
  egress: things,
  egressAllowRules: section({
    cloudMetadataServer: onOff,
    dnsPortsCloudMetadataServer: onOff,
    dnsPortsKubeSystemNamespace: onOff,
    dnsPortsPrivateIPs: onOff,
    nonPrivateIPs: onOff,
    privateIPs: onOff,
  }),
  interNamespaceAccessLabels: oneOf('accept', 'ignore'),
  allowedIngressPorts: list,
})

export const serviceType = oneOf('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName')

export const strategy = section({rollingUpdate: text, type: text})

export const hooks = section({postStart: firmFree, preStop: firmFree})

export const affinity = section({required: things, preferred: things})

export const purpose = section({
  tolerations: firmThings,
  nodeAffinity: section({matchNodePurpose: firmOneOf('ignore', 'prefer', 'require')}),
})

/** Options of JupyterHub's classes. */
export const config = z
  .object(
    {JupyterHub: z.looseObject({subdomain_host: firmText.optional()}, as('keys with values')).optional()},
    as('keys with values (JupyterHub, Authenticator, KubeSpawner, …)'),
  )
  .catchall(firmFree)

const contents = ['data', 'stringData', 'binaryData'] as const

/** A file has one content. */
const file = z
  .strictObject(
    {
      mountPath: firmText,
      data: firmFree.optional(),
      stringData: firmText.optional(),
      binaryData: firmText.optional(),
      mode: z.number(as('a number')).optional(),
    },
    as('a file (mountPath, and data, stringData or binaryData)'),
  )
  .refine(
    (given) => contents.filter((key) => given[key] !== undefined).length === 1,
    'needs one of data, stringData and binaryData',
  )

export const files = z.record(z.string(), file, as('keys with values')).nullable()

export const extraImages = z
  .record(
    z.string(),
    z.strictObject({name: firmText, tag: firmText, pullPolicy: pullPolicy.optional()}, as('an image (name and tag)')),
    as('keys with values'),
  )
  .nullable()
