import {describe, expect, it} from 'vitest'
import {explainSchema} from '../../../../../src/engines/kubernetes/chart/explain-schema.js'

const defaults = {
  hub: {cookieSecret: null, concurrentSpawnLimit: 64, db: {type: 'sqlite-pvc', pvc: {}}},
  singleuser: {storage: {capacity: '10Gi'}},
  proxy: {},
}

// As helm 3.19 says it of the official chart 4.4.0.
const said = `values don't meet the specifications of the schema(s) in the following chart(s):
jupyterhub:
- at '/hub': validation failed
  - at '/hub/concurrentSpawnLimit': got string, want null or integer
  - at '/hub/db': validation failed
    - at '/hub/db/type': value must be one of 'sqlite-pvc', 'sqlite-memory', 'mysql', 'postgres', 'other'
    - at '/hub/db': additional properties 'tpye', 'pvcc' not allowed
  - at '/hub': additional properties 'cookieSecrt' not allowed
- at '/singleuser/storage': additional properties 'capcity' not allowed
- at '': additional properties 'proxi', 'something-else' not allowed`

describe('what a chart says of values that it refuses', () => {
  it('is told by the keys of the settings file, with the nearest that the chart has', () => {
    expect(explainSchema(said, defaults).split('; k8s')).toEqual([
      'k8s.values.hub.concurrentSpawnLimit: got string, want null or integer',
      ".values.hub.db.type: value must be one of 'sqlite-pvc', 'sqlite-memory', 'mysql', 'postgres', 'other'",
      '.values.hub.db.tpye: the chart has no such value; did you mean type?',
      '.values.hub.db.pvcc: the chart has no such value; did you mean pvc?',
      '.values.hub.cookieSecrt: the chart has no such value; did you mean cookieSecret?',
      '.values.singleuser.storage.capcity: the chart has no such value; did you mean capacity?',
      '.values.proxi: the chart has no such value; did you mean proxy?',
      '.values.something-else: the chart has no such value',
    ])
  })

  it('stays as it is where it has another shape', () => {
    expect(explainSchema('execution error at (jupyterhub/templates/hub.yaml): no', defaults)).toBe(
      'execution error at (jupyterhub/templates/hub.yaml): no',
    )
  })
})
