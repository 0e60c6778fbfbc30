import {describeEgress} from '../../../../hub-spec/access/egress.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Step} from '../../../../steps/step.js'
import type {NetworkRules} from '../../servers/network-rules.js'

/** The rules for what servers may reach. The hub loads the same at its start, so that they are there after a boot. */
export function ensureNetworkRules(rules: NetworkRules, spec: HubSpec): Step {
  const {egress} = spec.access
  let wereAbsent = false
  return {
    title: 'Limit what servers can reach',
    async check() {
      const seen = await rules.look(spec)
      if (seen?.state === 'wanted' || (seen?.tool === null && egress === 'all')) return undefined
      return {summary: `let servers ${describeEgress(egress)}`, disturbs: 'live'}
    },
    async apply() {
      wereAbsent = (await rules.look(spec))?.state === 'absent'
      await rules.load(spec)
    },
    async undo() {
      if (wereAbsent) await rules.remove()
    },
  }
}

/** Takes the rules of a hub away, whose servers have ended by now. */
export function removeNetworkRules(rules: NetworkRules): Step {
  return {
    title: 'Remove the network rules',
    async check() {
      return (await rules.isLoaded())
        ? {summary: 'remove the network rules from the kernel', disturbs: 'live'}
        : undefined
    },
    apply: () => rules.remove(),
  }
}
