import {Flags} from '@oclif/core'
import {databaseFlag, dryRunFlag, machineFlag, modeFlag, takeOverFlag} from './flags.js'

export const upFlags = {
  'dry-run': dryRunFlag,
  'keep-on-failure': Flags.boolean({summary: 'When a step fails, leave everything as it is for a look.'}),
  bundle: Flags.string({
    summary: 'Take everything from this file of `jhub bundle create`, and nothing from the internet.',
  }),
  locked: Flags.boolean({summary: 'Refuse when the packages of an image are not chosen yet.'}),
  machine: machineFlag(),
  database: databaseFlag,
  'take-over': takeOverFlag,
  mode: modeFlag(),
  port: Flags.integer({summary: 'The port of a new hub. Default: 8000.', min: 1, max: 65_535}),
  lan: Flags.boolean({summary: 'Let other computers on the network open the hub.', allowNo: true}),
  admin: Flags.string({summary: 'The first admin of a new hub. Default: admin.'}),
}
