import path from 'node:path'
import {describe, expect, it} from 'vitest'
import type {UnpackedBundle} from '../../../../../src/bundle/read-bundle.js'
import {bundleEnvironment} from '../../../../../src/engines/vm/bundle/bundle-environment.js'
import {afterBundle, fromBundle} from '../../../../../src/engines/vm/bundle/from-bundle.js'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import type {Step} from '../../../../../src/steps/step.js'
import {bundleManifest} from '../../../../fakes/bundle-manifest.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const layout = machineLayout('/opt/jhub/state/class', '/opt/jhub/data/class')
const there = path.posix.join(layout.tools, 'bundle')
const name = 'packages/six-1.17.0-py3-none-any.whl'
const bundle: UnpackedBundle = {
  directory: '/state/.class.bundle',
  manifest: {
    ...bundleManifest,
    files: [
      {name, bytes: 5, sha256: 'a'.repeat(64)},
      {name: 'machine.tar', bytes: 3, sha256: 'b'.repeat(64)},
    ],
  },
}
const context = () => ({signal: new AbortController().signal, report: () => undefined, note: () => undefined})
const quiet = {beforeChange: () => undefined}
const install = (isDone: boolean): Step => ({
  title: 'Install JupyterHub',
  check: async () => (isDone ? undefined : {summary: 'install 80 packages', disturbs: 'live'}),
  apply: async () => undefined,
})

async function worlds() {
  const [local, files] = [memoryFiles(quiet), memoryFiles(quiet)]
  await local.write(path.join(bundle.directory, name), 'wheel')
  await local.write(path.join(bundle.directory, 'machine.tar'), 'tar')
  return {local, machine: {files, layout}, bundle}
}

describe('the packages of a bundle', () => {
  it('are copied to a machine that is not this computer, and go when all is installed', async () => {
    const world = await worlds()
    const [copy] = fromBundle(world, [install(false)])
    expect((await copy?.check())?.summary).toBe('copy 1 packages from the bundle')
    await copy?.apply(context())
    expect(await world.machine.files.list(there)).toEqual([path.basename(name)])
    expect(await world.machine.files.read(path.posix.join(there, path.basename(name)))).toBe('wheel')
    const [forget] = afterBundle(world)
    await forget?.apply(context())
    expect(await world.machine.files.list(there)).toBeUndefined()
  })

  it('stay where they are when nothing is to be installed', async () => {
    const [copy] = fromBundle(await worlds(), [{together: [install(true)]}])
    expect(await copy?.check()).toBeUndefined()
  })

  it('are used where they are on this computer', async () => {
    const world = await worlds()
    expect(fromBundle({...world, machine: {files: world.local, layout}}, [install(false)])).toEqual([])
  })

  it('are found by pip and uv also below a directory with spaces and commas in its name', () => {
    expect(bundleEnvironment('/home/ana/my hubs, new/packages')).toMatchObject({
      PIP_FIND_LINKS: 'file:///home/ana/my%20hubs%2C%20new/packages',
      UV_FIND_LINKS: 'file:///home/ana/my%20hubs%2C%20new/packages',
    })
  })
})
