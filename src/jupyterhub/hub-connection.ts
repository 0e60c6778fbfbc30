/** How to talk to a running hub. */
export interface HubConnection {
  /** The hub's door, as `http://127.0.0.1:8000`, without a slash at the end. */
  readonly url: string
  /** jhub's own service token. */
  readonly token: string
}
