import {secretNeeded} from '../../../hub-spec/auth/auth-spec.js'
import {limitsPolicy} from '../../../hub-spec/limits/resolve-limits.js'
import {noImagesBuilt} from '../../../hub-spec/images/resolve-image.js'
import {policyGroup} from '../../../hub-spec/people/group-name.js'
import {basePath} from '../../../hub-spec/access/base-url.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {shellWord} from '../../../hub-spec/shell-word.js'
import {chartSource} from './chart.js'
import {
  chartValues,
  mergeValues,
  signInSecretName,
  signInSecretPath,
  withoutSecrets,
  type Values,
} from './chart-values.js'
import {profileValues} from './profile-values.js'
import {namespaceOf} from '../clusters/namespace.js'
import {newSecrets} from '../../sign-in/secrets.js'
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
  const whole = withImage(withEverybodysImage(spec))
  const elsewhere: HubSpec = {
    ...whole,
    k8s: {
      ...whole.k8s,
      expose: spec.k8s.expose ?? 'loadBalancer',
      values: mergeValues(profileValues(spec), spec.k8s.values),
    },
  }
  const values = withoutSecrets(
    chartValues({
      spec: elsewhere,
      secrets: newSecrets(),
      files,
      extraConfig,
      place: undefined,
      people: 'configuration',
    }),
  )
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

/** The image that everybody has, where it is a container image of others: no other is there without jhub. */
function withEverybodysImage(spec: HubSpec): HubSpec {
  const recipe = spec.image === undefined ? undefined : spec.images.get(spec.image)?.recipe
  return recipe?.by === 'oci' ? {...spec, k8s: {...spec.k8s, image: recipe.reference}} : spec
}

function groups(spec: HubSpec): Values {
  const members = (group: string) =>
    [...spec.users].filter(([, {groups: all}]) => all.includes(group)).map(([name]) => name)
  return {
    ...Object.fromEntries([...spec.groups.keys()].map((name) => [name, {users: members(name), properties: {}}])),
    [policyGroup]: {users: [], properties: {policy: limitsPolicy(spec, noImagesBuilt)}},
  }
}

/** The file with the secret of the sign-in, which somebody writes: no value of the chart holds it. */
export const secretFile = 'sign-in-secret.txt'

/** What is typed to bring it up by hand, with the secret of the sign-in or, where there is none, with people's passwords. */
export function exportCommands(spec: HubSpec, file: string): readonly string[] {
  const source = chartSource(spec)
  const namespace = namespaceOf(spec)
  const isInRepository = source.kind === 'repository'
  const chart = isInRepository
    ? `jupyterhub/jupyterhub --version ${source.version}`
    : shellWord(source.kind === 'local' ? source.path : source.address)
  return [
    ...(isInRepository ? [`helm repo add jupyterhub ${source.repository}`] : []),
    `helm upgrade --install ${spec.name} ${chart} --namespace ${namespace} --create-namespace --values ${shellWord(file)}${secretOptions(spec)}`,
    ...(spec.auth.method === 'password' ? passwordCommands(spec, namespace) : []),
  ]
}

function secretOptions({auth}: HubSpec): string {
  if (secretNeeded(auth) === undefined) return ''
  const key = `hub.extraFiles.${signInSecretName}`
  return ` --set ${key}.mountPath=${signInSecretPath} --set-file ${key}.stringData=${secretFile}`
}

/** By the token of jhub's own service, which the chart makes. */
function passwordCommands({users, access}: HubSpec, namespace: string): readonly string[] {
  if (users.size === 0) return []
  const kubectl = `kubectl --namespace ${namespace}`
  const put = `curl --fail --retry 5 --retry-connrefused --request PUT --header "Authorization: token $TOKEN" --data @- "$API/jhub/users/$name/password"`
  return [
    `${kubectl} rollout status deployment/hub deployment/proxy`,
    `${kubectl} port-forward service/proxy-public 8000:80 &`,
    `TOKEN=$(${kubectl} get secret hub --output 'jsonpath={.data.hub\\.services\\.jhub\\.apiToken}' | base64 --decode)`,
    `API=http://127.0.0.1:8000${basePath(access)}/hub/api`,
    `for name in ${[...users.keys()].map(shellWord).join(' ')}; do read -rsp "Password of $name: " word; echo; printf '{"password": "%s"}' "$word" | ${put}; done`,
  ]
}
