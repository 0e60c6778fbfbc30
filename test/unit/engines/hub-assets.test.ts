import {readdirSync} from 'node:fs'
import {expect, it} from 'vitest'
import {hubAssets} from '../../../src/engines/hub-assets.js'

it('every file of assets/hub is put on a machine and into a cluster', () => {
  const files = readdirSync('assets/hub', {recursive: true, encoding: 'utf8'}).filter((file) =>
    /\.(?:py|html)$/.test(file),
  )
  expect(files.map((file) => `hub/${file}`).sort()).toEqual([...hubAssets].sort())
})
