import {KubeConfig, type RequestContext} from '@kubernetes/client-node'

/**
 * Keeps the connections to a cluster for the next request. The client library opens one for each, with all that HTTPS asks of
 * both sides. A program that signs an account in may give it another certificate later: there each request has its own.
 */
export class KeepingKubeConfig extends KubeConfig {
  private kept: ReturnType<RequestContext['getDispatcher']>

  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(context)
    if (this.getCurrentUser()?.exec !== undefined) return
    this.kept ??= context.getDispatcher()
    if (this.kept !== undefined) context.setDispatcher(this.kept)
  }
}
