import path from 'node:path'

/** Where everything of a hub stands on a machine. */
export interface Layout {
  /** All that `down` removes stands below it. */
  readonly root: string
  /** What `down` keeps: homes and the hub's database. */
  readonly data: string
  /** Python environments, one directory for each lock file's hash. */
  readonly environments: string
  /** Configurations of the hub, one directory for each fingerprint. */
  readonly configurations: string
  /** API tokens and the cookie secret, 0600. */
  readonly secrets: string
  /** The two ports between hub and proxy. */
  readonly innerPorts: string
  /** One record for each service that runs. */
  readonly run: string
  readonly logs: string
  readonly serverLogs: string
  readonly temporary: string
  readonly tools: string
  readonly homes: string
  /** Accounts and password hashes. */
  readonly database: string
}

export function machineLayout(root: string, data: string): Layout {
  const {join} = path.posix
  return {
    root,
    data,
    environments: join(root, 'env'),
    configurations: join(root, 'etc'),
    secrets: join(root, 'secrets.json'),
    innerPorts: join(root, 'inner-ports.json'),
    run: join(root, 'run'),
    logs: join(root, 'log'),
    serverLogs: join(root, 'log', 'servers'),
    temporary: join(root, 'tmp'),
    tools: join(root, 'tools'),
    homes: join(data, 'homes'),
    database: join(data, 'database'),
  }
}
