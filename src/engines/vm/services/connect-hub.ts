import type {Processes} from '../../../host/processes/processes.js'
import type {HubConnection} from '../../../jupyterhub/hub-connection.js'
import {readSecrets} from '../../sign-in/secrets.js'
import {readRunningEndpoint} from '../configuration/running-endpoint.js'
import type {Machine} from '../machines/machine.js'
import {requireOwnListener} from '../machines/require-own-listener.js'

/** The way to the hub as its machine tells it; `undefined` while the hub does not run. Throws `JHUB-E220` where another listens. */
export async function connectHub(
  {files, layout, supervisor, network}: Pick<Machine, 'files' | 'layout' | 'supervisor' | 'network'>,
  processes: Pick<Processes, 'hasForeignListener'>,
): Promise<HubConnection | undefined> {
  const running = await readRunningEndpoint({files, layout})
  const secrets = await readSecrets(files, layout.secrets)
  if (running === undefined || secrets === undefined) return undefined
  if ((await supervisor.status('hub')).state === 'stopped') return undefined
  const url = await network.reach(running.url)
  await requireOwnListener(processes, url)
  return {...running, url, token: secrets.apiToken}
}
