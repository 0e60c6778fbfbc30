/** How to talk to a running hub. */
export interface HubConnection {
  /** The hub's door, as `http://127.0.0.1:8000`, without a slash at the end. */
  readonly url: string
  /** jhub's own service token. */
  readonly token: string
  /** For a door of HTTPS. */
  readonly trust?: DoorTrust
}

/** By what a door of HTTPS is known, however it is reached. */
export interface DoorTrust {
  /** PEM: the certificates of which one must stand in the door's chain; nobody else's word counts. */
  readonly authorities: string
  /** The name or address that the door's own certificate must be for. */
  readonly name: string
}
