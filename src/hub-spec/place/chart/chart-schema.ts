import {z} from 'zod'
import {
  as,
  count,
  firmFree,
  firmList,
  firmSwitch,
  firmThings,
  free,
  labels,
  onOff,
  oneOf,
  section,
  text,
  texts,
  things,
  whole,
} from './value-kinds.js'
import {image, serviceAccount, extraImages} from './shared-sections.js'
import {hub} from './hub-section.js'
import {proxy} from './proxy-section.js'
import {singleuser} from './singleuser-section.js'
import {scheduling} from './scheduling-section.js'

/** What all charts of one release share. */
const shared = z.looseObject({safeToShowValues: firmSwitch.optional()}, as('keys with values'))

/**
 * What the official chart takes as values, by its `values.schema.json`, and what its templates cannot do without. Not in it:
 * `hub.fsGid`, `rbac.enabled` and `httpRoute.gateway`, which the schema knows and the chart refuses.
 */
export const chartSchema = section({
  enabled: onOff,
  fullnameOverride: text,
  nameOverride: text,
  imagePullSecret: free,
  imagePullSecrets: firmList,
  hub,
  proxy,
  singleuser,
  scheduling,
  ingress: section({
    enabled: firmSwitch,
    annotations: labels(),
    ingressClassName: text,
    hosts: texts,
    pathSuffix: text,
    pathType: oneOf('Prefix', 'Exact', 'ImplementationSpecific'),
    tls: things,
    extraPaths: things,
  }),
  httpRoute: section({enabled: firmSwitch, annotations: labels(), hostnames: texts, parentRefs: things}),
  prePuller: section({
    revisionHistoryLimit: count,
    labels: labels(),
    annotations: labels(),
    resources: free,
    extraTolerations: firmThings,
    hook: section({
      enabled: firmSwitch,
      pullOnlyOnChanges: onOff,
      podSchedulingWaitDuration: whole,
      nodeSelector: free,
      tolerations: firmThings,
      containerSecurityContext: free,
      image,
      resources: free,
      serviceAccount,
      serviceAccountImagePuller: serviceAccount,
      daemonsetAnnotations: labels(),
    }),
    continuous: section({enabled: firmSwitch, serviceAccount, daemonsetAnnotations: labels()}),
    pullProfileListImages: onOff,
    extraImages,
    containerSecurityContext: free,
    pause: section({containerSecurityContext: free, image}),
  }),
  custom: firmFree,
  cull: section({
    enabled: firmSwitch,
    users: onOff,
    adminUsers: onOff,
    removeNamedServers: onOff,
    timeout: whole,
    every: whole,
    concurrency: whole,
    maxAge: whole,
  }),
  debug: section({enabled: firmSwitch}),
  rbac: section({create: firmSwitch}),
  global: shared,
})

/** The keys at the top of the official chart's values. */
export const chartKeys = Object.keys(chartSchema.shape)
