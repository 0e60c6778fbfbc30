import type {ForkStatus} from '../../engine.js'
import {imagePrefix} from '../packages/environments.js'
import type {SystemdMachine} from '../services/systemd/systemd-machine.js'
import {parseProperties, unitNames, unitPrefix} from '../services/systemd/units.js'

/** By what systemd shows of a fork (`jhub_prefork.py`). */
const forkedMark = 'StatusText=forked'

/** Which servers are forks, and whether new ones will be: as systemd knows it. */
export async function readForks({run, hubName}: SystemdMachine, isWanted: boolean): Promise<ForkStatus> {
  const names = unitNames(hubName)
  const [shown, servers] = await Promise.all([
    run(['systemctl', 'show', names.anyForkService, '--property=Id,ActiveState']),
    run(['systemctl', 'show', names.anyServer, '--property=StatusText']),
  ])
  const services = shown.stdout.split('\n\n').map((lines) => {
    const properties = parseProperties(lines)
    const environment = (properties.get('Id') ?? '').replace(unitPrefix(hubName), '')
    return {image: imageOf(environment), state: properties.get('ActiveState')}
  })
  const states = services.filter(({image}) => image === undefined).map(({state}) => state)
  return {
    isWanted,
    service: states.includes('active') ? 'ready' : states.includes('activating') ? 'starting' : 'absent',
    images: [...new Set(services.flatMap(({image, state}) => (state === 'active' && image ? [image] : [])))],
    forked: servers.stdout.split('\n').filter((line) => line === forkedMark).length,
  }
}

/** Of `image-NAME-DIGEST-…`; `undefined` for the standard environment. */
function imageOf(environment: string): string | undefined {
  return environment.startsWith(imagePrefix)
    ? environment.slice(imagePrefix.length).replace(/-[0-9a-f]{12}-.*$/, '')
    : undefined
}
