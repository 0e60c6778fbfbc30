/** What this machine is and who runs us: facts that do not change while a command runs. */
export interface System {
  readonly platform: NodeJS.Platform
  readonly architecture: string
  /** Numeric account; 0 is root. */
  readonly uid: number
  readonly userName: string
  readonly homeDirectory: string
  readonly hostName: string
  /** At which other machines reach this one. */
  readonly addresses: readonly string[]
  /** Those of them at which people on the same network reach it, the likeliest first. */
  readonly roomAddresses: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cores: number
  readonly memoryBytes: number
  /** The Node that runs us. */
  readonly nodePath: string
}
