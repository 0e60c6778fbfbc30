import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import type {Finding} from '../../../findings/finding.js'

/** The problem of a hub that was put on another machine than the spec now says. */
export function standsElsewhere(name: string, spec: HubSpec): Finding {
  return {
    check: 'machine',
    state: 'problem',
    found: `the hub stands on the ${name} machine, and the settings file says ${spec.vm.machine}`,
    needed: 'one and the same: homes do not move by themselves',
    fix: `Set vm.machine in the settings file to ${name} or auto; or take the hub away first: jhub down`,
  }
}
