import type {Files} from '../../../host/files/files.js'
import type {HubSpec} from '../../../hub-spec/hub-spec.js'
import {tljhPorts} from '../../../hub-spec/import/tljh-ports.js'
import type {Finding} from '../../../findings/finding.js'
import {publicPorts} from '../configuration/endpoint.js'

const directory = '/opt/tljh'
/** Systemd starts TLJH's proxy at boot when this is there. */
const enabledUnit = '/etc/systemd/system/multi-user.target.wants/traefik.service'

/** A hub shares nothing with The Littlest JupyterHub but the machine's ports: one that is TLJH's at the next boot is refused. */
export async function checkBesideTljh(files: Files, {access}: HubSpec): Promise<readonly Finding[]> {
  if ((await files.stat(directory)) === undefined) return []
  const check = 'The Littlest JupyterHub'
  const ports = tljhPorts((await files.read(`${directory}/config/config.yaml`)) ?? '')
  const isEnabled = (await files.stat(enabledUnit)) !== undefined
  const shared = ports.filter((port) => publicPorts(access).includes(port))
  if (!isEnabled || shared.length === 0)
    return [{check, state: 'ok', found: `it is here too, in ${directory}; nothing is shared, and it is left as it is`}]
  const named = `port${shared.length > 1 ? 's' : ''} ${shared.join(' and ')}`
  return [
    {
      check,
      state: 'problem',
      found: `it is here too, in ${directory}, and takes ${named} whenever the machine starts`,
      needed: 'another port, or TLJH switched off',
      fix: `Set ${shared.includes(access.port) ? 'access.port' : 'access.https.redirect'} in the settings file to another; or: sudo systemctl disable --now traefik jupyterhub`,
    },
  ]
}
