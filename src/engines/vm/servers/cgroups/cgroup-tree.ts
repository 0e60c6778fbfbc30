/** The control groups of a hub, in the form that the spawner reads. */
export type CgroupTree =
  | {readonly version: 1; readonly memory: string; readonly cpu: string; readonly pids: string}
  | {readonly version: 2; readonly path: string}
