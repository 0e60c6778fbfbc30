/** At which addresses a hub is opened, as far as its machine or cluster says. */
export interface HubAddresses {
  /** On this computer; `null` where it can be reached by `jhub open` only. */
  readonly here: string | null
  /** On other computers, the likeliest first; empty while it is open to none, or this computer is on no network. */
  readonly others: readonly string[]
  /** Whether it listens for other computers. */
  readonly isOpen: boolean
}

/** The address that this computer can open; `null` where the hub can be reached by `jhub open` only. */
export function usableUrl({here, others}: HubAddresses): string | null {
  return here ?? others[0] ?? null
}
