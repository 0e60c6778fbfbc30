import type {Clock} from '../../../host/clock.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import {newSecrets, readSecrets, renderSecrets} from '../../secrets.js'

/** Tokens and the cookie secret: made once, kept until `down`. A damaged file is set aside, not lost. */
export function ensureSecrets({files, layout}: Cluster, clock: Clock): Step {
  let isMade = false
  return {
    title: "Make the hub's secrets",
    async check() {
      if ((await readSecrets(files, layout.secrets)) !== undefined) return undefined
      return (await files.stat(layout.secrets)) === undefined
        ? {summary: 'make tokens and a cookie secret', disturbs: 'live'}
        : {
            summary: `make new secrets: ${layout.secrets} is damaged (everybody logs in again)`,
            disturbs: 'hub restarts (servers keep running)',
          }
    },
    async apply() {
      await files.makeDirectory(layout.root, {mode: 0o700})
      if ((await files.stat(layout.secrets)) !== undefined)
        await files.rename(layout.secrets, `${layout.secrets}.damaged-${String(clock.now())}`)
      isMade = true
      await files.write(layout.secrets, renderSecrets(newSecrets()), {mode: 0o600})
    },
    async undo() {
      if (!isMade) return
      await files.remove(layout.secrets)
      if ((await files.list(layout.root))?.length === 0) await files.remove(layout.root)
    },
  }
}
