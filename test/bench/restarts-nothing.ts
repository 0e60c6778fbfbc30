import type {RealJhub} from '../e2e/real-jhub.js'

/** What runs of a hub, each with what tells it from another that took its place. */
export type Running = Readonly<Record<string, string>>

/** Does something to a hub. Throws where one of its services or servers that ran before is another one afterwards, or is gone. */
export async function restartsNothing<T>(jhub: RealJhub, what: string, action: () => Promise<T>): Promise<T> {
  const before = await running(jhub)
  const done = await action()
  const restarted = restartedBetween(before, await running(jhub))
  if (restarted.length > 0) throw new Error(`${what} restarted ${restarted.join(', ')}`)
  return done
}

/** Names of what ran before and does not run on. */
export function restartedBetween(before: Running, after: Running): readonly string[] {
  return Object.keys(before).filter((name) => after[name] !== before[name])
}

async function running(jhub: RealJhub): Promise<Running> {
  const {services} = await jhub.json<{services: readonly {name: string; pid?: number; pod?: string}[]}>('status')
  const {servers} = await jhub.json<{servers: readonly {user: string; startedAt: string | null}[]}>('server', 'list')
  return {
    ...Object.fromEntries(services.map(({name, pid, pod}) => [name, String(pid ?? pod)])),
    ...Object.fromEntries(servers.map(({user, startedAt}) => [`the server of ${user}`, String(startedAt)])),
  }
}
