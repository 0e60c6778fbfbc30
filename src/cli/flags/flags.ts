import {Flags} from '@oclif/core'
import {parseMachineName, type MachineName} from '../../hub-spec/place/machine-name.js'

/** Which hub, and how a command behaves: the same on every command. */
export const commonFlags = {
  file: Flags.string({
    char: 'f',
    summary: 'The settings file.',
    description:
      'Default: the file of --name in the config directory. Without --name: ./jhub.yaml if it exists, else jhub.yaml in the config directory, else the only file there.',
    env: 'JHUB_FILE',
    helpGroup: 'GLOBAL',
    helpValue: 'PATH',
  }),
  name: Flags.string({
    char: 'n',
    summary: 'The name of a hub in the config directory.',
    env: 'JHUB_NAME',
    helpGroup: 'GLOBAL',
    helpValue: 'NAME',
  }),
  'lock-timeout': Flags.string({
    summary: 'How long to wait for another jhub that is working on the same hub.',
    default: '10m',
    env: 'JHUB_LOCK_TIMEOUT',
    helpGroup: 'GLOBAL',
    helpValue: 'DURATION',
  }),
  'no-input': Flags.boolean({
    summary: 'Never ask. Fail if an answer is needed.',
    env: 'JHUB_NO_INPUT',
    helpGroup: 'GLOBAL',
  }),
  // In place of oclif's own, for its sentence.
  json: Flags.boolean({summary: 'Print the result as JSON.', helpGroup: 'GLOBAL'}),
}

/** In place of `file`, for a command that writes a new settings file. */
export const fileToWriteFlag = {
  ...commonFlags.file,
  summary: 'The settings file to write.',
  description: 'Default: the file of --name in the config directory.',
}

export const dryRunFlag = Flags.boolean({summary: 'Show what would change, without changing anything.'})

export const yesFlag = Flags.boolean({
  summary: 'Answer every question with yes. Deleting data needs --confirm.',
  env: 'JHUB_YES',
})

export const takeOverFlag = Flags.boolean({
  summary: 'Move a hub that belongs to another settings file to this one. Nobody is removed.',
})

export const databaseFlag = Flags.option({
  options: ['restore', 'new'] as const,
  summary: "If the hub's database is lost or damaged, restore the newest copy or start with an empty one.",
})()

/** On which machine a new hub will run. */
export const machineFlag = Flags.custom<MachineName>({
  summary: 'The machine that a new hub runs on: auto, docker, host, process or ssh://user@host[:port].',
  default: 'auto',
  env: 'JHUB_MACHINE',
  helpValue: 'MACHINE',
  parse: (text) => Promise.resolve(parseMachineName(text)),
})

/** By which engine a new hub runs. */
export const modeFlag = Flags.option({
  options: ['vm', 'k8s'] as const,
  summary: 'Start a new hub on one machine (vm) or in a Kubernetes cluster that jhub creates (k8s). Default: vm.',
})

/** Which people's limits: nobody named means everybody's default. */
export const limitScopeFlags = {
  user: Flags.string({summary: 'For one person.', exclusive: ['group', 'total'], helpValue: 'NAME'}),
  group: Flags.string({summary: 'For the members of a group.', exclusive: ['user', 'total'], helpValue: 'GROUP'}),
  total: Flags.boolean({summary: 'For the whole hub.', exclusive: ['user', 'group']}),
}

export const limitValueFlags = {
  memory: Flags.string({summary: 'At most this much memory.', helpValue: '2G'}),
  'memory-guarantee': Flags.string({summary: 'At least this much memory.', helpValue: '512M'}),
  cpu: Flags.string({summary: 'At most this many cores.', helpValue: '1.5'}),
  'cpu-guarantee': Flags.string({summary: 'At least this many cores.', helpValue: '500m'}),
  servers: Flags.string({
    summary: 'At most this many servers at once; with --total.',
    dependsOn: ['total'],
    helpValue: '40',
  }),
}
