import type {HubProcess, HubProcesses} from '../../src/engines/vm/services/stray-processes.js'

/** Processes of a hub that end when they are asked to. */
export function fakeHubProcesses(found: readonly HubProcess[] = []): HubProcesses {
  const running = new Set(found)
  return {
    list: () => Promise.resolve([...running]),
    end(processes) {
      for (const each of processes) running.delete(each)
      return Promise.resolve()
    },
  }
}
