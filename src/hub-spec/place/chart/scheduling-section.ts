import {count, firmFree, firmSwitch, firmThings, firmWhole, free, labels, onOff, section, whole} from './value-kinds.js'
import {image, pdb, serviceAccount, purpose} from './shared-sections.js'

/** `scheduling` of the chart's values. */
export const scheduling = section({
  userScheduler: section({
    enabled: firmSwitch,
    revisionHistoryLimit: count,
    replicas: whole,
    image,
    pdb,
    nodeSelector: free,
    tolerations: firmThings,
    labels: labels(),
    annotations: labels(),
    containerSecurityContext: free,
    logLevel: firmWhole,
    plugins: firmFree,
    pluginConfig: firmThings,
    resources: free,
    serviceAccount,
    extraPodSpec: free,
  }),
  podPriority: section({
    enabled: onOff,
    globalDefault: onOff,
    defaultPriority: whole,
    imagePullerPriority: whole,
    userPlaceholderPriority: whole,
  }),
  userPlaceholder: section({
    enabled: onOff,
    image,
    revisionHistoryLimit: count,
    replicas: whole,
    labels: labels(),
    annotations: labels(),
    resources: free,
    containerSecurityContext: free,
    extraPodSpec: free,
  }),
  corePods: purpose,
  userPods: purpose,
})
