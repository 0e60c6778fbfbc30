import path from 'node:path'

/** Where everything of a hub on Kubernetes stands on this machine. */
export interface Layout {
  /** All that `down` removes stands below it. */
  readonly root: string
  /** What `down` keeps; volumes of a kind cluster stand below it. */
  readonly data: string
  /** Homes and the hub's database, one directory for each volume, below their namespace. */
  readonly volumes: string
  /** The API token, the proxy's token and the cookie secret, 0600. */
  readonly secrets: string
  /** Accounts of registries that were given here, 0600. */
  readonly registryAccounts: string
  /** The way into a cluster that jhub made. */
  readonly kubeconfig: string
  /** There when jhub, and not the person, made Docker's network for kind clusters. */
  readonly networkMark: string
  readonly charts: string
  /** The digest of each chart that was fetched. */
  readonly chartDigests: string
  /** Copies of kind and helm, where the machine has none. */
  readonly tools: string
  readonly logs: string
  /** A copy of the repository of the course, while it is made. */
  readonly content: string
}

export function kubernetesLayout(root: string, data: string): Layout {
  return {
    root,
    data,
    volumes: path.join(data, 'volumes'),
    secrets: path.join(root, 'secrets.json'),
    registryAccounts: path.join(root, 'registry-accounts.json'),
    kubeconfig: path.join(root, 'kubeconfig'),
    networkMark: path.join(root, 'network-is-ours'),
    charts: path.join(root, 'charts'),
    chartDigests: path.join(root, 'chart-sums.json'),
    tools: path.join(root, 'tools'),
    logs: path.join(root, 'log'),
    content: path.join(root, 'content'),
  }
}

/** What `down` removes; `root` goes when nothing else is left in it. */
export function hubPaths(layout: Layout): readonly string[] {
  const {secrets, registryAccounts, kubeconfig, networkMark, charts, chartDigests, tools, logs, content} = layout
  return [secrets, registryAccounts, kubeconfig, networkMark, charts, chartDigests, tools, logs, content]
}
