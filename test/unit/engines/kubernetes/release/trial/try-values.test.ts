import {expect, it} from 'vitest'
import {tryValues} from '../../../../../../src/engines/kubernetes/release/trial/try-values.js'
import type {WantedRelease} from '../../../../../../src/engines/kubernetes/release/wanted-release.js'
import {JhubError} from '../../../../../../src/errors.js'
import {fakeCluster} from '../../../../../fakes/fake-cluster.js'

it('values that the chart refuses are told as that, by their keys and the nearest that the chart has', async () => {
  const said = "values don't meet the schema:\n- at '': additional properties 'hubb' not allowed"
  const {cluster} = fakeCluster(0)
  const helm = {
    ...cluster.helm,
    render: () => Promise.reject(new JhubError('JHUB-E201', 'helm ended with 1', {cause: new Error(said)})),
    defaults: () => Promise.resolve('hub: {}\nproxy: {}\n'),
  }
  await expect(tryValues({...cluster, helm}, {release: {}} as WantedRelease)).rejects.toMatchObject({
    code: 'JHUB-E214',
    message: 'The chart refuses the values',
    cause: {message: 'k8s.values.hubb: the chart has no such value; did you mean hub?'},
  })
})
