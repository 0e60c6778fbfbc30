import {expect, it} from 'vitest'
import type {Home} from '../../../../src/engines/engine.js'
import {visitProgress} from '../../../../src/hub/files/homes/visit-progress.js'
import {realHost} from '../../../../src/host/real-host.js'

const home: Home = {
  list: async () => undefined,
  read: async (parts) => parts.map(({length}) => Buffer.alloc(length)),
  plan: async () => undefined,
  write: async (parts) => parts.map(({path}) => ({as: path})),
  empty: async () => undefined,
}

it('says every ten seconds how many people, files and bytes are done', async () => {
  const said: string[] = []
  let elapsed = 0
  const host = {...realHost(), clock: {...realHost().clock, elapsed: () => elapsed}}
  const progress = visitProgress({host, onEvent: (event) => said.push('text' in event ? event.text : event.type)}, 3)
  const counted = progress.count(home)
  const read = (path: string, offset: number) => counted.read([{path, version: '1', offset, length: 4 * 1024 ** 2}])
  await read('big', 0)
  elapsed = 9_999
  await read('big', 4 * 1024 ** 2)
  progress.personDone()
  expect(said).toEqual([])
  elapsed = 10_001
  await counted.write([{path: 'a', sha256: '', executable: false, offset: 0, data: Buffer.alloc(1), isLast: true}])
  await read('other', 0)
  expect(said).toEqual(['1 of 3 people done; 2 files, 8M so far'])
})
