import {Flags} from '@oclif/core'
import {databaseFlag, dryRunFlag, machineFlag, modeFlag, takeOverFlag} from './flags.js'

export const upFlags = {
  'dry-run': dryRunFlag,
  'keep-on-failure': Flags.boolean({
    summary: 'If a step fails, leave everything as it is, so that you can look into it.',
  }),
  bundle: Flags.string({
    summary: 'Install from this file, made by `jhub bundle create`, and download nothing.',
    helpValue: 'FILE',
  }),
  locked: Flags.boolean({summary: 'Fail if an image has no lock file for its recipe yet.'}),
  machine: machineFlag(),
  database: databaseFlag,
  'take-over': takeOverFlag,
  mode: modeFlag(),
  port: Flags.integer({summary: 'The port of a new hub. Default: 8000.', min: 1, max: 65_535, helpValue: 'PORT'}),
  lan: Flags.boolean({summary: 'Let other computers on the network open the hub.', allowNo: true}),
  admin: Flags.string({summary: 'The first admin of a new hub. Default: admin.', helpValue: 'NAME'}),
}
