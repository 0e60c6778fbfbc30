import {expect, it} from 'vitest'
import type {Engine} from '../../../../src/engines/engine.js'
import type {JhubError} from '../../../../src/errors.js'
import type {HubContext} from '../../../../src/hub/session/hub-context.js'
import {requirePreflight} from '../../../../src/hub/session/require-preflight.js'
import type {Finding} from '../../../../src/findings/finding.js'
import type {HubSpec} from '../../../../src/hub-spec/hub-spec.js'

it('says every problem, and once what helps against several', async () => {
  const closed = (check: string): Finding => ({check, state: 'problem', found: 'closed', fix: 'chmod o+x /srv'})
  const findings = [closed('directory /srv/state'), closed('directory /srv/data')]
  const engine = {preflight: () => Promise.resolve(findings)} as unknown as Engine
  const failure = (await requirePreflight(
    {onEvent: () => undefined} as unknown as HubContext,
    engine,
    {} as HubSpec,
  ).catch((error: unknown) => error)) as JhubError
  expect(failure.message).toContain('directory /srv/state: closed')
  expect(failure.message).toContain('directory /srv/data: closed')
  expect(failure.suggestions).toEqual(['chmod o+x /srv'])
})
