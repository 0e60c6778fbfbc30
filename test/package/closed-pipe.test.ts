import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

it('a reader that has seen enough ends the command without a stack trace', async () => {
  const child = spawn(process.execPath, [program, '--version'], {stdio: ['ignore', 'pipe', 'pipe']})
  child.stdout.destroy()
  const [exit, said] = await Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stderr)])
  expect({exitCode: exit[0], said}).toEqual({exitCode: 0, said: ''})
})
