import type {MachineFacts} from '../machines/machine.js'

/** What `up` needs after `down`, as a sentence. */
export function afterDown({facts}: {readonly facts: Pick<MachineFacts, 'keepsPackages'>}): string {
  return facts.keepsPackages === true
    ? "`jhub up` takes its packages from uv's cache. While they are there, and uv is on the PATH, it needs no internet."
    : "`jhub up` then needs the internet, or a file that `jhub bundle create` wrote before: the hub's packages go with it."
}
