import {expect, it} from 'vitest'
import {importedPackages} from '../../bench/import-profile.js'

it('of what Python says about imports, tells each package with its modules, the slowest first', () => {
  const said = `import time: self [us] | cumulative | imported package
import time:       105 |        105 |   _io
[I 2026-11-29 10:00:00.000 ServerApp] jupyterlab | extension was successfully linked.
import time:      1000 |       1105 |     jupyterlab.labapp
import time:       200 |       1305 |   jupyterlab
`
  expect(importedPackages(said)).toEqual([
    {name: 'jupyterlab', modules: 2, selfUs: 1200},
    {name: '_io', modules: 1, selfUs: 105},
  ])
  expect(() => importedPackages('Traceback')).toThrow('did not say')
})
