import type {Engine} from '../../engines/engine.js'
import type {Finding} from '../../findings/finding.js'
import {JhubError} from '../../errors.js'
import type {HubSpec} from '../../hub-spec/hub-spec.js'
import type {HubContext} from './hub-context.js'

/** Looks at everything first. Throws `JHUB-E200` with every problem at once; warnings are told and do not stop. */
export async function requirePreflight(context: HubContext, engine: Engine, spec: HubSpec): Promise<void> {
  const findings = await engine.preflight(spec)
  for (const warning of findings.filter(({state}) => state === 'warning')) {
    context.onEvent({type: 'warning', text: describeFinding(warning)})
  }
  const problems = findings.filter(({state}) => state === 'problem')
  if (problems.length === 0) return
  throw new JhubError(
    'JHUB-E200',
    `The hub cannot run here yet:\n${problems.map((problem) => `- ${describeFinding(problem)}`).join('\n')}`,
    {
      fix: [...new Set(problems.flatMap(({fix}) => fix ?? []))],
      details: {problems},
    },
  )
}

export function describeFinding({check, found, needed}: Finding): string {
  return needed === undefined ? `${check}: ${found}` : `${check}: ${found}; needed: ${needed}`
}
