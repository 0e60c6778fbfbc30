import type {RehearsalResult} from '../../hub/rehearse/rehearsal-result.js'

export function renderReport(result: RehearsalResult, at: Date): string {
  return `${result.hub} ${at.toISOString()}`
}
