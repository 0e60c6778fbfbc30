import {describe, expect, it} from 'vitest'
import {fromClient, toClient} from '../../../../../src/engines/kubernetes/api/client-objects.js'

const range = (key: string) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: {name: 'a'},
  spec: {limits: [{[key]: {memory: '1Gi'}, type: 'Container'}]},
})

describe('an object of the client library', () => {
  it('is without what is not there, and says `default` as the API does', () => {
    expect(fromClient({...range('_default'), status: undefined})).toStrictEqual(range('default'))
    expect(toClient(range('default'))).toStrictEqual(range('_default'))
  })

  it('of another kind keeps its keys', () => {
    const map = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'a'}, data: {default: 'x', _default: 'y'}}
    expect(fromClient(map)).toStrictEqual(map)
    expect(toClient(map)).toStrictEqual(map)
  })
})
