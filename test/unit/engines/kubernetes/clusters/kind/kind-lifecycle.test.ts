import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'
import {kindLifecycle} from '../../../../../../src/engines/kubernetes/clusters/kind/kind-lifecycle.js'
import {kubernetesLayout} from '../../../../../../src/engines/kubernetes/clusters/layout.js'
import {realHost} from '../../../../../../src/host/real-host.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-kind-'))
})
afterEach(() => rm(directory, {recursive: true, force: true}))

/** As kind does: the reason stands on stderr, above the output of what failed, and with `--quiet` nothing does. */
const failing = `#!/bin/sh
case " $* " in *' --quiet '*) exit 1;; esac
echo 'ERROR: failed to create cluster: failed to pull image "kindest/node:v9"' >&2
for line in $(seq 30); do echo "line $line of what failed" >&2; done
exit 1
`

it('says why kind could not make the cluster', async () => {
  const program = path.join(directory, 'kind')
  await writeFile(program, failing, {mode: 0o755})
  const answer = {stdout: 'kind\n', stderr: '', exitCode: 0}
  const {create} = kindLifecycle({
    host: realHost(),
    name: 'jhub-class',
    layout: kubernetesLayout(path.join(directory, 'state'), path.join(directory, 'data')),
    kind: {
      name: 'kind',
      find: async () => program,
      require: async () => program,
      finding: () => Promise.reject(new Error('not asked')),
      install: () => ({title: '', check: async () => undefined, apply: async () => undefined}),
      copyTo: () => Promise.reject(new Error('not asked')),
    },
    nodes: {
      docker: async () => answer,
      names: async () => [],
      run: async () => answer,
      start: async () => undefined,
      stop: async () => undefined,
    },
  })
  await expect(
    create(
      {nodes: 1, nodeImage: undefined, address: '127.0.0.1', port: 8000},
      {signal: new AbortController().signal, report: () => undefined, note: () => undefined},
    ),
  ).rejects.toMatchObject({code: 'JHUB-E213', message: 'The node image could not be downloaded'})
})
