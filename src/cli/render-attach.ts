import type {AttachResult} from '../hub/attach.js'

export function renderAttach({hub, spec, engine, url, state, users}: AttachResult): string {
  return [
    `${hub} is found again: ${url}`,
    `Where:  ${engine}, ${state}${users === null ? '' : `; people: ${String(users)}`}`,
    `Spec:   ${spec}`,
    `Next:   ${state === 'running' ? `jhub plan --name ${hub} · jhub status --name ${hub}` : `jhub up --name ${hub}`}`,
  ].join('\n')
}
