import {describeFinding} from '../../hub/session/require-preflight.js'
import type {DoctorResult} from '../../hub/doctor/doctor.js'

const marks = {ok: 'ok  ', warning: 'warn', problem: 'FAIL'}

export function renderDoctor({engine, findings, healthy}: DoctorResult): string {
  const lines = findings.flatMap((finding, index) => [
    `${marks[finding.state]}  ${describeFinding(finding)}`,
    ...(finding.fix === undefined || findings[index + 1]?.fix === finding.fix ? [] : [`      try: ${finding.fix}`]),
  ])
  return [engine, ...lines, summarize(findings, healthy)].join('\n')
}

function summarize(findings: DoctorResult['findings'], isHealthy: boolean): string {
  if (!isHealthy) return 'Fix the problems above first.'
  const warnings = findings.filter(({state}) => state === 'warning').length
  if (warnings === 0) return 'All is well.'
  return `No problems, but ${warnings === 1 ? '1 warning' : `${String(warnings)} warnings`} above.`
}
