import path from 'node:path'
import type {Commands} from '../../../../host/processes/commands.js'
import {definedOnly} from '../../../../defined-only.js'
import {measureDirectories, measureDisk} from '../../../homes/measure-directories.js'
import type {OwnCluster} from '../cluster.js'
import {volumesInNode} from '../names.js'
import type {KindNodes} from './kind-nodes.js'

/** The directories of volumes, as a node has them: every node mounts the same ones. */
export function kindVolumes(
  commands: Commands,
  nodes: KindNodes,
): Pick<OwnCluster, 'measureVolumes' | 'makeVolumes' | 'deleteVolumes'> {
  return {
    async measureVolumes(names, signal) {
      const [node] = await nodes.names()
      if (node === undefined) return {volumes: new Map()}
      const run: Commands['run'] = (argv, options) => commands.run(['docker', 'exec', node, ...argv], options)
      const places = new Map(names.map((each) => [path.posix.join(volumesInNode, each), each]))
      const [disk, measured] = await Promise.all([
        measureDisk(run, volumesInNode),
        measureDirectories(run, [...places.keys()], signal),
      ])
      const volumes = new Map([...measured].map(([place, bytes]) => [places.get(place) ?? place, bytes]))
      return {volumes, ...definedOnly({disk})}
    },
    async makeVolumes(names) {
      const [node] = await nodes.names()
      if (node === undefined) throw new Error('the cluster has no node')
      const places = names.map((each) => path.posix.join(volumesInNode, each))
      // As the provisioner makes them: a server's account writes to it, and no account of the node does.
      await nodes.run(node, 'mkdir', '-p', '-m', '0777', '--', ...places)
    },
    async deleteVolumes(names) {
      const [node] = await nodes.names()
      if (node === undefined || names.length === 0) return
      await nodes.run(node, 'rm', '-rf', '--', ...names.map((each) => path.posix.join(volumesInNode, each)))
    },
  }
}
