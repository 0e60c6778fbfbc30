import {JhubError} from '../../errors.js'

/** For an answer that is not in the shape of JupyterHub's API: another program at that address, or a version that differs. */
export function unexpectedAnswer(path: string, missing: string): JhubError {
  return new JhubError('JHUB-E210', `The hub answered ${path} in a way that jhub cannot read: ${missing}`, {
    fix: ['jhub status', 'jhub doctor'],
  })
}
