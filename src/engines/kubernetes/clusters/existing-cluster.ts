import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {describeCause, JhubError} from '../../../errors.js'
import type {Host} from '../../../host/host.js'
import type {Finding} from '../../../findings/finding.js'
import {kubernetesLayout} from './layout.js'
import type {LocalProgram} from '../tools/local-program.js'
import {hubLabel} from './names.js'
import {tryKube} from '../api/require-kube.js'
import {reachApi} from '../api/reach-api.js'
import {realHelm} from '../release/real-helm.js'
import {dockerImageBuilder} from '../images/build/docker/docker-image-builder.js'
import {whereDockerAnswers} from '../images/build/docker/where-docker-answers.js'
import {registryAccounts} from '../registry/registry-accounts.js'
import type {Cluster} from './cluster.js'
import {contextFindings} from './findings/context-findings.js'

export interface ExistingOptions {
  readonly title: string
  /** A context of the person's own kubeconfig, which is read and never written. */
  readonly context: string
  readonly state: string
  readonly data: string
  readonly hubName: string
  readonly namespace: string
  /** The directory of files shipped with jhub. */
  readonly assets: string
  readonly helm: LocalProgram
}

/** A cluster that somebody else made: jhub puts a hub into it and takes only that out again. */
export function existingCluster(host: Host, options: ExistingOptions): Cluster {
  const {title, context, state, data, hubName, namespace, assets, helm} = options
  const layout = kubernetesLayout(state, data)
  const api = reachApi(host.files, host.tunnels, {context})
  const accountFor = (reference: string) =>
    registryAccounts(cluster, host.clock, {namespace, hubName}).loginFor(reference)
  const cluster: Cluster = {
    title,
    layout,
    files: host.files,
    checksums: host.checksums,
    programs: [helm],
    helm: realHelm(host.commands, () => helm.require(), {context}, path.join(layout.logs, 'helm.log')),
    builder: whereDockerAnswers(dockerImageBuilder({host, hubName, assets, accountFor}), host.docker),
    registries: host.docker,
    api,
    async hubNames() {
      const found = await (await api())?.list({apiVersion: 'v1', kind: 'Namespace', labels: hubLabel})
      return (found ?? []).flatMap(({metadata}) => metadata.labels?.[hubLabel] ?? [])
    },
    async findings(spec) {
      const [program, reached] = await Promise.all([helm.finding(), tryKube({api})])
      if (reached === undefined) return [program]
      return [
        program,
        ...(reached instanceof JhubError
          ? [unreachable(title, reached)]
          : await contextFindings(reached, {title, context}, spec)),
      ]
    },
  }
  return cluster
}

function unreachable(title: string, error: JhubError): Finding {
  const [fix] = error.suggestions
  return {
    check: title,
    state: 'problem',
    found: describeCause(error),
    needed: 'a cluster that answers',
    ...definedOnly({fix}),
  }
}
