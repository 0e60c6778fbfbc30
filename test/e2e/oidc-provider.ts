import type {Server} from 'node:http'
import Provider from 'oidc-provider'

/** A real OpenID provider on the loopback address; any name signs in there, as itself. */
export interface OidcProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Claims besides `sub` and `preferred_username`, by account. */
  readonly claims: Map<string, Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

export async function startOidcProvider(port: number, callback: string): Promise<OidcProvider> {
  const issuer = `http://127.0.0.1:${String(port)}`
  const clientId = 'hub'
  const clientSecret = 'a client secret/+ of a provider'
  const claims = new Map<string, Readonly<Record<string, unknown>>>()
  const provider = new Provider(issuer, {
    clients: [{client_id: clientId, client_secret: clientSecret, redirect_uris: [callback]}],
    claims: {openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email', 'email_verified']},
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({sub: id, preferred_username: id, ...claims.get(id)}),
    }),
  })
  const server = await new Promise<Server>((resolve) => {
    const listening: Server = provider.listen(port, '127.0.0.1', () => {
      resolve(listening)
    })
  })
  return {
    issuer,
    clientId,
    clientSecret,
    claims,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}
