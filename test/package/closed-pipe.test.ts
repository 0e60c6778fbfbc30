import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {expect, it} from 'vitest'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))

it('a reader that has seen enough ends the command without a stack trace', async () => {
  const child = spawn(process.execPath, [program, '--version'], {stdio: ['ignore', 'pipe', 'pipe']})
  child.stdout.destroy()
  const [[exitCode], said] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect({exitCode: exitCode as unknown, said}).toEqual({exitCode: 0, said: ''})
})
