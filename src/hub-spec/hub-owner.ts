/** The settings file that a hub belongs to: kept in the hub's state here, and with the hub itself. */
export interface HubOwner {
  /** Random; made when a settings file first brings the hub up, or takes it over. */
  readonly id: string
  /** An absolute path, links resolved. */
  readonly file: string
  /** The name of the computer on which that file is. */
  readonly computer: string
}

/** The text that is kept; the same owner always gives the same text. */
export function renderOwner({id, file, computer}: HubOwner): string {
  return `${JSON.stringify({id, file, computer})}\n`
}

/** What was kept; `undefined` for nothing, or for a text that is damaged. */
export function parseOwner(text: string | undefined): HubOwner | undefined {
  if (text === undefined) return undefined
  try {
    const {id, file, computer} = JSON.parse(text) as Partial<Record<keyof HubOwner, unknown>>
    if (typeof id !== 'string' || typeof file !== 'string' || typeof computer !== 'string') return undefined
    return {id, file, computer}
  } catch {
    return undefined
  }
}
