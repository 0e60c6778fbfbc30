import {limitsPolicy} from '../../../hub-spec/resolve-limits.js'
import {policyGroup} from '../../../hub-spec/group-name.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {chartSource, officialChart} from './chart.js'
import {chartValues, mergeValues, withoutSecrets, type Values} from './chart-values.js'
import {namespaceOf} from '../clusters/namespace.js'
import {newSecrets} from '../../secrets.js'
import {withImage} from '../release/wanted-release.js'

/**
 * The values by which the same hub comes up without jhub on a cluster in a cloud. Secrets are the chart's to make; people,
 * groups and limits, which jhub keeps on the hub, are in the configuration here.
 */
export function exportValues(
  spec: HubSpec,
  files: ReadonlyMap<string, string>,
  extraConfig: string | undefined,
): Values {
  const isKind = spec.k8s.cluster.kind === 'kind'
  const elsewhere: HubSpec = {
    ...withImage(spec),
    k8s: {
      ...withImage(spec).k8s,
      cluster: isKind ? {kind: 'context', name: 'any'} : spec.k8s.cluster,
      expose: spec.k8s.expose ?? 'loadBalancer',
    },
  }
  const values = withoutSecrets(chartValues({spec: elsewhere, secrets: newSecrets(), files, extraConfig}))
  return mergeValues(values, {
    hub: {
      config: {
        Authenticator: {
          admin_users: [...spec.users].filter(([, {admin}]) => admin).map(([name]) => name),
          allowed_users: [...spec.users.keys()],
        },
        JupyterHub: {load_groups: groups(spec)},
      },
    },
  })
}

function groups(spec: HubSpec): Values {
  const members = (group: string) =>
    [...spec.users].filter(([, {groups: all}]) => all.includes(group)).map(([name]) => name)
  return {
    ...Object.fromEntries([...spec.groups.keys()].map((name) => [name, {users: members(name), properties: {}}])),
    [policyGroup]: {users: [], properties: {policy: limitsPolicy(spec)}},
  }
}

/** What is typed to bring it up by hand. */
export function exportCommands(spec: HubSpec, file: string): readonly string[] {
  const source = chartSource(spec)
  const repository = source.kind === 'repository' ? source.repository : officialChart.repository
  const version = source.kind === 'repository' ? source.version : officialChart.version
  const namespace = namespaceOf(spec)
  const chart = source.kind === 'address' ? source.address : `jupyterhub/jupyterhub --version ${version}`
  return [
    `helm repo add jupyterhub ${repository}`,
    `helm upgrade --install ${spec.name} ${chart} --namespace ${namespace} --create-namespace --values ${file}`,
  ]
}
