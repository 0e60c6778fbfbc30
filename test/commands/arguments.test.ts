import {globSync} from 'node:fs'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Command} from '@oclif/core'
import {expect, it} from 'vitest'

const root = fileURLToPath(new URL('../../commands', import.meta.url))

/** What is piped to a command is a password, a list or nothing: oclif would take it for the argument. */
it('an argument is never taken from standard input', async () => {
  const files = globSync('**/*.ts', {cwd: root})
  const found = await Promise.all(
    files.map(async (file) => {
      const {default: command} = (await import(path.join(root, file))) as {readonly default: typeof Command}
      return Object.entries(command.args).map(([name, arg]) => ({...arg, file, name}))
    }),
  )
  const all = found.flat()
  expect(all.length).toBeGreaterThan(1)
  expect(all.filter(({ignoreStdin}) => ignoreStdin !== true).map(({file, name}) => `${file} ${name}`)).toEqual([])
})
