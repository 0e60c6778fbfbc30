/** An address of a network card, as Node's `networkInterfaces()` gives it. */
export interface CardAddress {
  readonly address: string
  readonly family: string
  readonly internal: boolean
}

/** Cards that Docker, Kubernetes, virtual machines and VPNs make: nobody in the room is behind them. */
const madeBySoftware =
  /^(?:docker|br-[\da-f]{12}$|veth|virbr|vnet|lxc|lxd|cni|flannel|cali|cilium|kube|weave|podman|vmnet|vboxnet|bridge\d|vEthernet|tun|tap|utun|wg|tailscale|zt|ppp|ipsec|gif|stf|awdl|llw|dummy)/

/**
 * The addresses at which people on the same network reach this computer, the likeliest first: that of the card with the way
 * to the internet (`mainCard`), then the other cards'. IPv6 only where there is no IPv4: nobody types it.
 */
export function roomAddresses(
  cards: Readonly<Record<string, readonly CardAddress[] | undefined>>,
  mainCard: string | undefined,
): readonly string[] {
  const found = Object.entries(cards)
    .filter(([name]) => !madeBySoftware.test(name))
    .toSorted(([one], [other]) => Number(other === mainCard) - Number(one === mainCard))
    .flatMap(([, addresses]) => addresses ?? [])
    .filter(({internal, address}) => !internal && !isLinkLocal(address))
  const [four, six] = ['IPv4', 'IPv6'].map((family) => found.filter((each) => each.family === family))
  return (four?.length === 0 ? (six ?? []) : (four ?? [])).map(({address}) => address)
}

/** The card of the default route in the text of `/proc/net/route`; `undefined` where there is none. */
export function defaultRouteCard(table: string): string | undefined {
  const routes = table
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
  return routes.toSorted((one, other) => Number(one[6]) - Number(other[6]))[0]?.[0]
}

function isLinkLocal(address: string): boolean {
  return /^(?:169\.254\.|fe[89ab])/i.test(address)
}
