import path from 'node:path'

/** Where everything of a hub stands on a machine. */
export interface Layout {
  /** All that `down` removes stands below it. */
  readonly root: string
  /** What `down` keeps: homes and the hub's database. */
  readonly data: string
  /** The spec that was last applied: what `attach` finds. */
  readonly applied: string
  /** Which settings file the hub belongs to. */
  readonly owner: string
  /** Python environments, one directory for each lock file's hash. */
  readonly environments: string
  /** What images are made of, and were before. */
  readonly images: string
  /** Configurations of the hub, one directory for each fingerprint. */
  readonly configurations: string
  /** API tokens and the cookie secret, 0600. */
  readonly secrets: string
  /** Ports of the loopback address: where servers reach the hub and, behind Caddy, where jhub reaches it. */
  readonly innerPorts: string
  /** One record for each service that runs, and the sockets between them; only the hub's own account can enter. */
  readonly run: string
  /** Where the hub listens. */
  readonly hubSocket: string
  /** Where the hub tells the proxy its routes. */
  readonly proxyApiSocket: string
  /** Where Caddy, where there is one, hands requests to the proxy. */
  readonly caddySocket: string
  /** A directory for each server that is a process: there it makes its socket. A short name, since paths of sockets are. */
  readonly serverSockets: string
  readonly logs: string
  readonly serverLogs: string
  readonly temporary: string
  readonly tools: string
  /** What uv downloaded. */
  readonly packageCache: string
  /** What py-rattler downloaded. */
  readonly condaCache: string
  /** What everybody reads: `current` in it is a link to the tree that people see. */
  readonly materials: string
  /** The mirror of the course's repository, and what fills homes from it. */
  readonly content: string
  readonly homes: string
  /** Where everybody writes, where the spec says so. */
  readonly shared: string
  /** Accounts and password hashes. */
  readonly database: string
  /** Copies of the database, one directory for each time other programs were given it. */
  readonly backups: string
  /** The hub's own certificate authority, 0600: who trusts it once goes on doing so when the hub comes back. */
  readonly authority: string
  /** What Caddy fetched: its account with the authority, and certificates. Authorities count how often they are asked. */
  readonly acme: string
}

export function machineLayout(root: string, data: string): Layout {
  return {
    root,
    data,
    applied: path.posix.join(root, 'applied.yaml'),
    owner: path.posix.join(root, 'owner.json'),
    environments: path.posix.join(root, 'env'),
    images: path.posix.join(root, 'images.json'),
    configurations: path.posix.join(root, 'etc'),
    secrets: path.posix.join(root, 'secrets.json'),
    innerPorts: path.posix.join(root, 'ports.json'),
    run: path.posix.join(root, 'run'),
    hubSocket: path.posix.join(root, 'run', 'hub.sock'),
    proxyApiSocket: path.posix.join(root, 'run', 'proxy.sock'),
    caddySocket: path.posix.join(root, 'run', 'caddy.sock'),
    serverSockets: path.posix.join(root, 's'),
    logs: path.posix.join(root, 'log'),
    serverLogs: path.posix.join(root, 'log', 'servers'),
    temporary: path.posix.join(root, 'tmp'),
    tools: path.posix.join(root, 'tools'),
    packageCache: path.posix.join(root, 'tools', 'uv-cache'),
    condaCache: path.posix.join(root, 'tools', 'conda-cache'),
    materials: path.posix.join(root, 'materials'),
    content: path.posix.join(root, 'content'),
    homes: path.posix.join(data, 'homes'),
    shared: path.posix.join(data, 'shared'),
    database: path.posix.join(data, 'database'),
    backups: path.posix.join(data, 'backups'),
    authority: path.posix.join(data, 'authority'),
    acme: path.posix.join(data, 'acme'),
  }
}

/**
 * What `down` removes; `root` goes when nothing else is left in it. An older jhub had its ports in a file of another name: it
 * finds none of ours to change, should it be used on a newer hub.
 */
export function hubPaths(layout: Layout): readonly string[] {
  const {
    root,
    environments,
    images,
    configurations,
    secrets,
    innerPorts,
    run,
    serverSockets,
    logs,
    temporary,
    tools,
    materials,
    content,
    applied,
    owner,
  } = layout
  return [
    environments,
    images,
    configurations,
    secrets,
    innerPorts,
    path.posix.join(root, 'inner-ports.json'),
    run,
    serverSockets,
    logs,
    temporary,
    tools,
    materials,
    content,
    applied,
    owner,
  ]
}

/** What only `down --delete-data` removes. */
export function dataPaths({homes, shared, database, backups, authority, acme}: Layout): readonly string[] {
  return [homes, shared, database, backups, authority, acme]
}
