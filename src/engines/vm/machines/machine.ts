import type {CommandOptions, CommandResult} from '../../../host/commands.js'
import type {Files} from '../../../host/files.js'
import type {PortState} from '../../../host/processes.js'
import type {Layout} from '../layout.js'
import type {Supervisor} from '../supervisor.js'

/** A machine on which the vm engine puts a hub. */
export interface Machine {
  readonly title: string
  readonly layout: Layout
  readonly files: Files
  readonly supervisor: Supervisor
  readonly facts: MachineFacts
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>
  portState(port: number, address: string): Promise<PortState>
  freePort(): Promise<number>
  /** How the proxy is started there: a Node and the directory of the npm package configurable-http-proxy. */
  readonly proxy: {readonly node: string; readonly module: string}
}

export interface MachineFacts {
  readonly platform: 'linux' | 'darwin'
  readonly architecture: string
  readonly uid: number
  readonly userName: string
  readonly cores: number
  readonly memoryBytes: number
  /** Settings of company networks that programs on the machine must honour. */
  readonly networkEnvironment: Readonly<Record<string, string>>
}
