import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {kubectl} from './kind-lab.js'
import type {RealJhub} from './real-jhub.js'

/** What somebody does to a hub in a kind cluster behind jhub's back, and what plan and doctor must say of it. */
export interface KindDamage {
  readonly name: string
  readonly damage: (jhub: RealJhub) => Promise<unknown>
  /** Absent: the cluster repairs it by itself, perhaps before anybody looks. */
  readonly said?: RegExp
  /** Where plan says it in other words. */
  readonly planned?: RegExp
}

const inNamespace = ({name}: RealJhub, ...words: string[]) => kubectl(name, '--namespace', name, ...words)
const patched = (jhub: RealJhub, object: string, patch: object) =>
  inNamespace(jhub, 'patch', object, '--type=merge', '--patch', JSON.stringify(patch))

const deleted = ([kind, name]: readonly [string, string]): KindDamage => ({
  name: `${kind} ${name} deleted`,
  damage: (jhub) => inNamespace(jhub, 'delete', `${kind.toLowerCase()}/${name}`),
  said: new RegExp(`${kind} ${name} is missing`),
})

/** Everything that the chart makes, but the claim of the database: that is data, and Kubernetes holds it while it is in use. */
const objects = [
  ['Deployment', 'hub'],
  ['Deployment', 'proxy'],
  ['Secret', 'hub'],
  ['Service', 'hub'],
  ['Service', 'proxy-api'],
  ['Service', 'proxy-public'],
  ['ServiceAccount', 'hub'],
  ['Role', 'hub'],
  ['RoleBinding', 'hub'],
] as const

/** A spread over kinds of object and kinds of damage; CI runs it. */
export const chosenDamages: readonly KindDamage[] = [
  {
    name: 'Deployment hub scaled to none',
    damage: (jhub) => inNamespace(jhub, 'scale', 'deployment/hub', '--replicas=0'),
    said: /Deployment hub: spec\.replicas is 0, not 1/,
  },
  deleted(['Secret', 'hub']),
  {
    name: 'Service proxy-public led elsewhere',
    damage: (jhub) => patched(jhub, 'service/proxy-public', {spec: {selector: {app: 'another'}}}),
    said: /Service proxy-public: spec\.selector\.app was (?:added|changed)|spec\.selector\.app is another/,
  },
]

export const kindDamages: readonly KindDamage[] = [
  ...chosenDamages,
  ...objects.filter((each) => each.join() !== 'Secret,hub').map(deleted),
  {
    name: 'Deployment proxy scaled to none',
    damage: (jhub) => inNamespace(jhub, 'scale', 'deployment/proxy', '--replicas=0'),
    said: /Deployment proxy: spec\.replicas is 0, not 1/,
  },
  {
    name: 'Deployment hub with another image',
    damage: (jhub) => inNamespace(jhub, 'set', 'image', 'deployment/hub', 'hub=example.invalid/hub:1'),
    said: /Deployment hub: .*image/,
  },
  {
    name: 'Deployment hub with one variable more',
    damage: (jhub) => inNamespace(jhub, 'set', 'env', 'deployment/hub', 'DEBUG=1'),
    said: /Deployment hub: .*env/,
  },
  {
    name: 'Deployment hub bound to a node that is not there',
    damage: (jhub) => patched(jhub, 'deployment/hub', {spec: {template: {spec: {nodeSelector: {no: 'where'}}}}}),
    said: /Deployment hub: spec\.template\.spec\.nodeSelector\.no was added/,
  },
  {
    name: 'Secret hub with another content',
    damage: (jhub) => patched(jhub, 'secret/hub', {data: {more: 'bW9yZQ=='}}),
    said: /Secret hub: data\.more was added/,
  },
  {
    name: 'Role hub without rights',
    damage: (jhub) => patched(jhub, 'role/hub', {rules: []}),
    said: /Role hub: rules (?:was|were) /,
  },
  {...deleted(['Secret', 'jhub-release']), planned: /record what JupyterHub was made from/},
  {...deleted(['Secret', 'jhub-applied']), planned: /record the settings file in the cluster/},
  {name: 'pods deleted', damage: (jhub) => inNamespace(jhub, 'delete', 'pods', '--all', '--wait=false')},
  {
    name: 'the storage class deleted',
    damage: ({name}) => kubectl(name, 'delete', 'storageclass', 'jhub'),
    said: /StorageClass jhub is missing/,
  },
]

/** What is damaged beside the cluster: plan names it, and what the doctor says differs. */
export const kindDamagesOutside: readonly (KindDamage & {readonly planned: RegExp})[] = [
  {
    name: 'the node killed',
    damage: ({name}) => execa('docker', ['kill', `jhub-${name}-control-plane`]),
    planned: /start the kind cluster/,
  },
  {
    name: 'secrets.json damaged',
    damage: ({environment, name}) =>
      writeFile(path.join(environment['JHUB_STATE_DIR'] ?? '', name, 'secrets.json'), 'not json'),
    planned: /secrets\.json is damaged/,
  },
]
