import {createHash} from 'node:crypto'
import path from 'node:path'
import {describeHolder, type LockHolder} from '../../host/locks.js'
import type {HubContext} from './hub-context.js'
import {locateSpec} from './spec-store.js'

/** One jhub at a time changes a hub, told by its spec file. Says for whom it waits; throws `JHUB-E401` after `--lock-timeout`. */
export async function withLock<T>(context: HubContext, action: () => Promise<T>): Promise<T> {
  const {host, directories, command, lockTimeoutMs, signal, onEvent} = context
  const {file} = await locateSpec(context)
  const name = createHash('sha256').update(file).digest('hex').slice(0, 12)
  const onWait = (holder: LockHolder) => {
    onEvent({type: 'note', text: `Waiting for ${describeHolder(holder)}, which is working on this hub.`})
  }
  await makePlaces(context)
  return host.locks.hold(
    path.join(directories.state, `.${name}.lock`),
    {purpose: command, timeoutMs: lockTimeoutMs, signal, onWait},
    action,
  )
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
