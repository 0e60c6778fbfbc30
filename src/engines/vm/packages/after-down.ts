import type {Machine} from '../machines/machine.js'

/** What `up` needs after `down`, as a sentence. */
export function afterDown({keepsPackages}: Pick<Machine, 'keepsPackages'>): string {
  return keepsPackages === true
    ? "`jhub up` takes its packages from uv's cache. While they are there, and uv is on the PATH, it needs no internet."
    : "`jhub up` needs the internet: the hub's packages were removed with it."
}
