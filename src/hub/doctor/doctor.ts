import {definedOnly} from '../../defined-only.js'
import type {CertificateStatus, ForkStatus, PlatformStatus} from '../../engines/engine.js'
import type {Finding} from '../../findings/finding.js'
import type {HttpsSpec} from '../../hub-spec/access/https-spec.js'
import {checkCards} from './check-cards.js'
import {checkRoom} from './check-room.js'
import {findDrift} from './drift.js'
import type {HubContext} from '../session/hub-context.js'
import {checkLeftOver} from '../rehearse/left-over.js'
import {roomForPeople} from './room-for-people.js'
import {openHub, type OpenHub} from '../session/open-hub.js'
import {readStored} from '../session/spec/read-stored.js'
import {locateSpec, defaultHubName} from '../session/spec/spec-store.js'
import {expectedOf, type Expected} from '../session/steps/stopped-mark.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import {renderNewHubSpec} from '../../hub-spec/new-hub-spec.js'

export interface DoctorResult {
  readonly engine: string
  readonly findings: readonly Finding[]
  readonly healthy: boolean
}

/** The same look as before `up`, for the hub of the spec, or for a new one where there is none; and whether a hub that should run answers. */
export async function doctor(
  context: HubContext,
  {people}: {readonly people?: number | undefined} = {},
): Promise<DoctorResult> {
  const {file, exists} = await locateSpec(context)
  const stored = exists
    ? undefined
    : readStored(
        file,
        renderNewHubSpec({name: context.asked.name ?? defaultHubName, machine: 'auto', port: 8000, admin: 'admin'}),
      )
  const hub = await openHub(context, stored)
  const status = await hub.engine.platform.status(hub.spec)
  const {addresses, certificate, unreachable, forks} = status
  const expected = await expectedOf(context, hub.spec.name)
  const drift = unreachable === undefined ? await findDrift(context, hub) : []
  const findings = [
    ...(await hub.engine.preflight(hub.spec)),
    ...(unreachable === undefined ? await checkHand(hub, drift) : []),
    unreachable === undefined ? await checkHub(await hub.connect(), expected) : notKnown(unreachable),
    ...(unreachable === undefined ? await checkLeftOver(context, hub.spec.name, await hub.connect()) : []),
    ...drift,
    ...(unreachable === undefined && expected === 'running'
      ? (await Promise.all([checkRoom(addresses), checkCards(context, hub)])).flat()
      : []),
    ...(people === undefined || unreachable !== undefined
      ? []
      : roomForPeople(people, hub.spec, {...status, places: await hub.engine.servers.places?.(hub.spec)})),
    ...(forks === undefined || expected !== 'running' ? [] : [checkForks(forks, hub.spec)]),
    ...(certificate === undefined
      ? []
      : [checkServed(certificate, hub.spec.access.https?.by, context.host.clock.now())]),
  ]
  return {engine: hub.engine.title, findings, healthy: findings.every(({state}) => state !== 'problem')}
}

const dayMs = 86_400_000

/** Fourteen days; of one that lives for less than two months, a quarter of its life. */
function soonMs({validFrom, validUntil}: CertificateStatus): number {
  return Math.min(14 * dayMs, (Date.parse(validUntil) - Date.parse(validFrom)) / 4)
}

function checkServed(certificate: CertificateStatus, by: HttpsSpec['by'] | undefined, nowMs: number): Finding {
  const {issuer, validUntil} = certificate
  const check = 'certificate'
  const found = `by ${issuer}, until ${validUntil.slice(0, 10)}`
  const least = soonMs(certificate)
  if (Date.parse(validUntil) - nowMs >= least) return {check, state: 'ok', found}
  return {
    check,
    state: 'warning',
    found,
    needed:
      least < dayMs
        ? `more than ${String(Math.round(least / 3_600_000))} hours`
        : `more than ${String(Math.floor(least / dayMs))} days`,
    fix:
      by === 'acme'
        ? 'jhub logs --of https   # why it was not renewed'
        : "jhub up   # installs a new one: jhub's own, or the one in the files that the settings file names",
  }
}

function checkForks({isWanted, service, images}: ForkStatus, {name, images: wanted}: HubSpec): Finding {
  const check = 'forked servers'
  if (!isWanted) return {check, state: 'ok', found: 'off: servers start the usual way'}
  const without = [...wanted.keys()].filter((image) => !images.includes(image))
  if (service === 'ready' && without.length > 0)
    return {check, state: 'ok', found: `new servers are forked, but not yet those of ${without.join(', ')}`}
  if (service === 'ready') return {check, state: 'ok', found: 'new servers are forked'}
  if (service === 'starting') return {check, state: 'ok', found: 'the service that forks servers is starting'}
  return {
    check,
    state: 'warning',
    found: 'the service that forks servers is not running: new servers start the usual way, which is slower',
    needed: 'the service',
    fix: `journalctl --unit 'jhub-${name}.*.prefork.service'   # on the machine: says why`,
  }
}

/** Changes by hand that the drift does not already report as problems. */
async function checkHand({engine, spec}: OpenHub, drift: readonly Finding[]): Promise<readonly Finding[]> {
  const isNamed = (text: string) => drift.some(({state, found}) => state === 'problem' && found.includes(text))
  const changed = ((await engine.platform.changedByHand?.(spec)) ?? []).filter((text) => !isNamed(text))
  if (changed.length === 0) return []
  return [
    {
      check: 'changed by hand',
      state: 'problem',
      found: changed.join('; '),
      needed: 'the hub as jhub made it',
      fix: 'jhub up   # repairs it; homes and people stay',
    },
  ]
}

function notKnown({because, fix: [fix]}: NonNullable<PlatformStatus['unreachable']>): Finding {
  const found = `not known: ${because}`
  return {check: 'hub', state: 'problem', found, needed: 'an answer', ...definedOnly({fix})}
}

async function checkHub(api: {isReady(): Promise<boolean>} | undefined, expected: Expected): Promise<Finding> {
  const check = 'hub'
  if (api !== undefined) {
    return (await api.isReady())
      ? {check, state: 'ok', found: 'running and answering'}
      : {
          check,
          state: 'problem',
          found: 'its process is running but does not answer',
          needed: 'an answer',
          fix: 'jhub logs',
        }
  }
  if (expected === 'stopped') return {check, state: 'ok', found: 'stopped by `jhub stop`'}
  if (expected === 'absent') return {check, state: 'ok', found: 'not started yet'}
  return {
    check,
    state: 'problem',
    found: 'it is not running, and nobody stopped it',
    needed: 'a running hub',
    fix: 'jhub up',
  }
}
