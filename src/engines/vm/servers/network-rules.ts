import {describeEgress} from '../../../hub-spec/access/egress.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'
import {proxyAddresses} from '../../../host/network/proxies.js'
import type {MachineFacts} from '../machines/machine.js'
import type {SystemdMachine} from '../services/systemd/systemd-machine.js'

/** The kernel's rules for what the servers of a hub may reach, by `assets/vm/jhub_network.py` on the machine. */
export interface NetworkRules {
  readonly inContainer: boolean
  /** `undefined` while the machine is not there. */
  look(spec: HubSpec): Promise<NetworkRulesSeen | undefined>
  load(spec: HubSpec): Promise<void>
  isLoaded(): Promise<boolean>
  remove(): Promise<void>
}

interface NetworkRulesSeen {
  /** The program through which the kernel takes rules; null: there is none. */
  readonly tool: 'nft' | 'iptables' | null
  readonly state: 'wanted' | 'other' | 'absent'
}

interface NetworkRulesOptions {
  readonly machine: SystemdMachine
  readonly settings: NetworkSettings
  /** The text of `jhub_network.py`. */
  readonly program: () => Promise<string>
}

/** Part of the hub's own settings too. */
interface NetworkSettings {
  /** The machine is a container of this hub's alone, on networks of an engine. */
  readonly inContainer: boolean
  /** Addresses of a company's proxies, without what logs in there. */
  readonly networkProxies: readonly string[]
}

export function networkSettings(facts: MachineFacts, inContainer: boolean): NetworkSettings {
  return {inContainer, networkProxies: proxyAddresses(facts.networkEnvironment)}
}

export function networkRules({machine, settings: fixed, program}: NetworkRulesOptions): NetworkRules {
  const {run, layout, hubName, isThere} = machine
  const call = async (verb: string, argument: string) => {
    const {stdout} = await run(['python3', '-I', '-S', '-', verb, argument], {
      stdin: await program(),
      timeoutMs: 60_000,
    })
    return stdout
  }
  const settings = ({access: {egress}}: HubSpec) =>
    JSON.stringify({name: hubName, egress, homesDirectory: layout.homes, ...fixed})
  return {
    inContainer: fixed.inContainer,
    async look(spec) {
      return (await isThere()) ? (JSON.parse(await call('look', settings(spec))) as NetworkRulesSeen) : undefined
    },
    async load(spec) {
      await call('load', settings(spec))
    },
    isLoaded: async () => (await isThere()) && JSON.parse(await call('present', hubName)) === true,
    async remove() {
      if (await isThere()) await call('remove', hubName)
    },
  }
}

/** A machine that takes no rules: on one of others a package is missing, in our container the engine's kernel has none. */
export async function checkNetworkRules(rules: NetworkRules, spec: HubSpec): Promise<readonly Finding[]> {
  const seen = await rules.look(spec)
  const check = 'network rules'
  if (seen === undefined) return []
  if (seen.tool !== null) return [{check, state: 'ok', found: `by ${seen.tool}`}]
  const isEnough = rules.inContainer && spec.access.egress === 'all'
  return [
    {
      check,
      state: isEnough ? 'warning' : 'problem',
      found: 'neither nft nor iptables works there',
      needed: `one of them, so that servers ${describeEgress(spec.access.egress)}`,
      fix: rules.inContainer
        ? 'Update Docker: its kernel has no nftables.'
        : 'sudo apt-get install nftables   # on the machine of the hub',
    },
  ]
}

/** What holds now, as it is read back from the kernel. */
export async function networkNote(rules: NetworkRules, spec: HubSpec): Promise<readonly string[]> {
  const seen = await rules.look(spec)
  if (seen === undefined) return []
  return seen.state === 'wanted'
    ? [`Servers ${describeEgress(spec.access.egress)} (${seen.tool ?? 'kernel rules'}).`]
    : ['Servers can reach cloud metadata addresses: the network rules are not in force. Run jhub up.']
}
