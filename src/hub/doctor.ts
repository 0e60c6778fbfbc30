import type {CertificateStatus, Finding} from '../engines/engine.js'
import type {HubContext} from './hub-context.js'
import {openHub} from './open-hub.js'
import {locateSpec, readStored, defaultHubName} from './spec-store.js'
import {renderNewHubSpec} from '../spec/new-hub-spec.js'

export interface DoctorResult {
  readonly engine: string
  readonly findings: readonly Finding[]
  readonly healthy: boolean
}

/** The same look as before `up`, for the hub of the spec, or for a new one where there is none; and whether the hub answers. */
export async function doctor(context: HubContext): Promise<DoctorResult> {
  const {file, exists} = await locateSpec(context)
  const stored = exists
    ? undefined
    : readStored(
        file,
        renderNewHubSpec({name: context.asked.name ?? defaultHubName, machine: 'auto', port: 8000, admin: 'admin'}),
      )
  const hub = await openHub(context, stored)
  const {certificate} = await hub.engine.status(hub.spec)
  const findings = [
    ...(await hub.engine.preflight(hub.spec)),
    await checkHub(await hub.connect()),
    ...(certificate === undefined ? [] : [checkServed(certificate, context.host.clock.now())]),
  ]
  return {engine: hub.engine.title, findings, healthy: findings.every(({state}) => state !== 'problem')}
}

const soonMs = 14 * 86_400_000

function checkServed({issuer, validUntil}: CertificateStatus, nowMs: number): Finding {
  const check = 'certificate at the door'
  const found = `by ${issuer}, until ${validUntil.slice(0, 10)}`
  if (Date.parse(validUntil) - nowMs >= soonMs) return {check, state: 'ok', found}
  return {
    check,
    state: 'warning',
    found,
    needed: 'more than 14 days',
    fix: 'jhub up   # puts a new one there: its own, or what the files of the spec hold by then',
  }
}

async function checkHub(api: {isReady(): Promise<boolean>} | undefined): Promise<Finding> {
  if (api === undefined) return {check: 'hub', state: 'ok', found: 'not running'}
  return (await api.isReady())
    ? {check: 'hub', state: 'ok', found: 'running and answering'}
    : {
        check: 'hub',
        state: 'problem',
        found: 'its process runs and does not answer',
        needed: 'an answer',
        fix: 'jhub logs',
      }
}
