import {expect, it} from 'vitest'
import {kernelsOf, registerKernels} from '../../../../../src/engines/vm/images/kernels.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const library = '/env/lib/python3.13/site-packages'

it('kernels of an image are its own and those of the machine, each once', async () => {
  const files = memoryFiles(newFault())
  for (const place of ['/env/share', '/usr/share', '/usr/local/share'])
    await files.write(`${place}/jupyter/kernels/python3/kernel.json`, '{}')
  await files.write('/usr/share/jupyter/kernels/ir/kernel.json', '{}')
  expect(await kernelsOf({files}, '/env')).toEqual(['ir', 'python3'])
  expect(await kernelsOf({files: memoryFiles(newFault())}, '/env')).toEqual([])
})

it('packages whose kernel only a program registers have it run, with the Python of the image', async () => {
  const files = memoryFiles(newFault())
  for (const file of ['bash_kernel/install.py', 'plain_kernel/kernel.py', 'pandas/install.py'])
    await files.write(`${library}/${file}`, '')
  const runs: (readonly string[])[] = []
  const run = async (argv: readonly string[]) => {
    runs.push(argv)
    return {stdout: '', stderr: '', exitCode: 0}
  }
  expect(await registerKernels({files, run}, '/env', {})).toEqual(['bash_kernel'])
  expect(runs).toEqual([['/env/bin/python', '-I', '-m', 'bash_kernel.install', '--sys-prefix']])
  expect(await registerKernels({files, run}, '/other', {})).toEqual([])
})
