/** How to talk to a running hub. */
export interface HubConnection {
  /** The hub's endpoint, as `http://127.0.0.1:8000`, without a slash at the end. */
  readonly url: string
  /** jhub's own service token. */
  readonly token: string
  /** For an endpoint of HTTPS. */
  readonly trust?: EndpointTrust
}

/** By what an endpoint of HTTPS is known, however it is reached. */
export interface EndpointTrust {
  /** PEM: the certificates of which one must stand in the endpoint's chain; nobody else's word counts. */
  readonly authorities: string
  /** The name or address that the endpoint's own certificate must be for. */
  readonly name: string
}
