import {describeFinding} from '../../hub/session/require-preflight.js'
import type {DoctorResult} from '../../hub/doctor/doctor.js'

const marks = {ok: 'ok  ', warning: 'warn', problem: 'FAIL'}

export function renderDoctor({engine, findings, healthy}: DoctorResult): string {
  const lines = findings.flatMap((finding, index) => [
    `${marks[finding.state]}  ${describeFinding(finding)}`,
    ...(finding.fix === undefined || findings[index + 1]?.fix === finding.fix ? [] : [`      try: ${finding.fix}`]),
  ])
  return [engine, ...lines, healthy ? 'All is well.' : 'Fix the problems above first.'].join('\n')
}
