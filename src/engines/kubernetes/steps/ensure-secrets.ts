import type {Clock} from '../../../host/clock.js'
import type {Step} from '../../../steps/step.js'
import type {Cluster} from '../clusters/cluster.js'
import {newSecrets, readSecrets, renderSecrets, type Secrets} from '../../sign-in/secrets.js'
import type {SignInSecret} from '../../../hub-spec/auth/auth-spec.js'
import type {GivenSecret} from '../../sign-in/sign-in-secret.js'

/** Tokens and the cookie secret: made once, kept until `down`; beside them the secret of the sign-in, as it was given. A damaged file is set aside, not lost. */
export function ensureSecrets({files, layout}: Cluster, clock: Clock, given: GivenSecret): Step {
  let isMade = false
  let before: {readonly secrets: Secrets; readonly given: SignInSecret} | undefined
  return {
    title: "Make the hub's secrets",
    async check() {
      if ((await readSecrets(files, layout.secrets)) !== undefined)
        return (await given.read()) === undefined
          ? undefined
          : {summary: 'give the hub the secret of the sign-in', disturbs: 'hub restarts (servers keep running)'}
      return (await files.stat(layout.secrets)) === undefined
        ? {summary: 'make tokens and a cookie secret', disturbs: 'live'}
        : {
            summary: `make new secrets: ${layout.secrets} is damaged (everybody logs in again)`,
            disturbs: 'hub restarts (servers keep running)',
          }
    },
    async apply() {
      await files.makeDirectory(layout.root, {mode: 0o700})
      if ((await readSecrets(files, layout.secrets)) === undefined) {
        if ((await files.stat(layout.secrets)) !== undefined)
          await files.rename(layout.secrets, `${layout.secrets}.damaged-${String(clock.now())}`)
        isMade = true
        await files.write(layout.secrets, renderSecrets(newSecrets()), {mode: 0o600})
      }
      const [secrets, signIn] = await Promise.all([readSecrets(files, layout.secrets), given.read()])
      if (secrets === undefined || signIn === undefined) return
      before = {secrets, given: signIn}
      await files.write(layout.secrets, renderSecrets({...secrets, signIn}), {mode: 0o600})
      await given.forget()
    },
    async undo() {
      if (before !== undefined) {
        await given.give(before.given)
        await files.write(layout.secrets, renderSecrets(before.secrets), {mode: 0o600})
      }
      if (!isMade) return
      await files.remove(layout.secrets)
      if ((await files.list(layout.root))?.length === 0) await files.remove(layout.root)
    },
  }
}
