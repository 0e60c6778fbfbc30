import {fakeHttpsProxy, type FakeHttpsProxy} from './fake-https-proxy.js'
import {startFakeHub, type FakeHub} from './fake-hub.js'
import type {FakeHubState} from './fake-hub-state.js'
import {halfSchema} from './fake-programs.js'
import type {MemoryFiles} from './memory-files.js'

export interface RunningService {
  readonly fingerprint: string
  readonly pid: number
}

/** Hub and proxy of a machine: the hub answers at its endpoint when both run. */
export interface FakeServices {
  readonly running: Map<string, RunningService>
  /** Caddy, and what an authority says to it. */
  readonly httpsProxy: FakeHttpsProxy
  start(name: string, fingerprint: string, argv: readonly string[]): Promise<void>
  stop(name: string): Promise<void>
  close(): Promise<void>
}

export interface FakeServicesOptions {
  readonly port: number
  readonly files: MemoryFiles
  readonly layout: {readonly secrets: string; readonly database: string; readonly run: string}
  /** What people have put on the hub: survives as long as its database does. */
  readonly memory: {hubState: FakeHubState | undefined; brokenHubStarts: number}
}

export function fakeServices({port, files, layout, memory}: FakeServicesOptions): FakeServices {
  const running = new Map<string, RunningService>()
  let hub: FakeHub | undefined
  let nextPid = 100
  const httpsProxy = fakeHttpsProxy(files)
  /** Where the product says that it reaches the hub. */
  const endpoint = async () => {
    const address = await files.read(`${layout.run}/address`)
    return address === undefined ? port : Number(new URL(address).port)
  }
  const closeHub = async () => {
    await hub?.close()
    hub = undefined
  }
  return {
    running,
    httpsProxy,
    async close() {
      await Promise.all([closeHub(), httpsProxy.stop()])
    },
    async start(name, fingerprint, argv) {
      if (name === 'hub' && memory.brokenHubStarts > 0) {
        memory.brokenHubStarts--
        return
      }
      const file = `${layout.database}/jupyterhub.sqlite`
      if (name === 'hub' && (await files.read(file)) === halfSchema) return
      running.set(name, {fingerprint, pid: nextPid++})
      if (name === 'https') return httpsProxy.start(argv)
      if (!running.has('hub') || !running.has('proxy') || hub !== undefined) return
      const {apiToken} = JSON.parse((await files.read(layout.secrets)) ?? '{}') as {apiToken: string}
      hub = await startFakeHub({
        token: apiToken,
        port: await endpoint(),
        ...(memory.hubState === undefined ? {} : {state: memory.hubState}),
      })
      memory.hubState = hub.state
      const entry = {kind: 'file', text: 'accounts', mode: 0o600, uid: 1000} as const
      if (!files.entries.has(file)) files.entries.set(file, entry)
    },
    async stop(name) {
      if (running.delete(name)) await (name === 'https' ? httpsProxy.stop() : closeHub())
    },
  }
}
