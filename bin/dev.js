#!/usr/bin/env -S node --import tsx
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {execute} from '@oclif/core'

const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
await execute({
  development: true,
  dir: import.meta.url,
  loadOptions: {root, ignoreManifest: true, pjson: {...pjson, oclif: {...pjson.oclif, commands: './commands'}}},
})
