import {createHash} from 'node:crypto'
import path from 'node:path'
import {describeHolder, type LockHolder} from '../../host/files/locks.js'
import type {HubContext} from './hub-context.js'
import {locateSpec} from './spec/spec-store.js'
import {hubNameOf} from './spec/standing-spec.js'

/**
 * One jhub at a time changes a settings file, and a hub: two files may name the same one. Says for whom it waits; throws
 * `JHUB-E401` after `--lock-timeout`.
 */
export async function withLock<T>(context: HubContext, action: () => Promise<T>): Promise<T> {
  const {host, directories, command, lockTimeoutMs, signal, onEvent} = context
  const {file} = await locateSpec(context)
  const onWait = (holder: LockHolder) => {
    onEvent({type: 'note', text: `Waiting for ${describeHolder(holder)}, which is working on this hub.`})
  }
  const hold = (what: string, work: () => Promise<T>) => {
    const name = createHash('sha256').update(what).digest('hex').slice(0, 12)
    const lock = path.join(directories.state, `.${name}.lock`)
    return host.locks.hold(lock, {purpose: command, timeoutMs: lockTimeoutMs, signal, onWait}, work)
  }
  await makePlaces(context)
  return hold(await host.files.realPath(file), async () => hold(`hub ${await hubNameOf(context)}`, action))
}

/**
 * Root's hubs hold what people's own accounts must reach: they may pass through, and not look around. Both places are made
 * before any hub is, so that it does not matter of which kind the first one is.
 */
async function makePlaces({host: {files, system}, directories: {state, data}}: HubContext): Promise<void> {
  if (system.uid !== 0) return files.makeDirectory(state, {mode: 0o700})
  for (const place of [state, data]) {
    await files.makeDirectory(place, {mode: 0o711})
    const isJhubsOwn = place.startsWith('/var/lib/jhub')
    if (isJhubsOwn && (await files.stat(place))?.mode === 0o700) await files.setMode(place, 0o711)
  }
}
