/** What the chart's values must say of the cluster itself, where jhub made it. */
export interface ChartPlace {
  /** The storage class of volumes, unless the settings file names another. */
  readonly storageClass: string
  /** How the hub's endpoint leaves the cluster. */
  readonly service: {readonly type: 'NodePort'; readonly nodePorts: {readonly http: number}}
  /** The node that has the images of hub and proxy; absent where every node has them. */
  readonly hubNode?: string
}
