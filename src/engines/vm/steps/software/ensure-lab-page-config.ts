import path from 'node:path'
import {labPageConfig, leavesNewsOut} from '../../../../jupyterhub/lab-page-config.js'
import type {Step} from '../../../../steps/step.js'
import type {Machine} from '../../machines/machine.js'

/** What JupyterLab's pages do without, in an environment of people; it goes with the environment. */
export function ensureLabPageConfig({files}: Machine, environment: () => Promise<string>, of = ''): Step {
  const {place, text} = labPageConfig
  const file = async () => path.posix.join(await environment(), 'etc', 'jupyter', place)
  return {
    title: `Turn off JupyterLab's news pop-up${of}`,
    async check() {
      return leavesNewsOut(await files.read(await file()))
        ? undefined
        : {summary: `turn off JupyterLab's news and its check for updates${of}`, disturbs: 'live'}
    },
    apply: async () => files.write(await file(), text, {mode: 0o644}),
  }
}
