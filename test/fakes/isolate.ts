import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll} from 'vitest'

/** Whatever a test forgets to place ends here and never in a person's own hub. */
const directory = mkdtempSync(path.join(tmpdir(), 'jhub-test-'))
for (const name of ['CONFIG', 'STATE', 'DATA'])
  process.env[`JHUB_${name}_DIR`] = path.join(directory, name.toLowerCase())
for (const name of ['JHUB_FILE', 'JHUB_NAME', 'JHUB_YES', 'JHUB_NO_INPUT', 'FORCE_COLOR'])
  Reflect.deleteProperty(process.env, name)
process.env['NO_COLOR'] = '1'
// A Docker engine here is for the tests that mean it.
process.env['JHUB_MACHINE'] = 'process'

afterAll(() => {
  rmSync(directory, {recursive: true, force: true})
})
