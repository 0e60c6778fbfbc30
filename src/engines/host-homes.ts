import {machineLayout} from './vm/machines/layout.js'
import {commonRoot} from './vm/machines/systemd-base.js'

/** The directory of people's homes, of a hub on a machine with systemd. */
export function hostHomes(hubName: string): string {
  return machineLayout(`${commonRoot}/${hubName}`, `${commonRoot}/${hubName}.data`).homes
}
