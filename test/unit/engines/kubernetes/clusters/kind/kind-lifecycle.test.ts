import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {kindLifecycle} from '../../../../../../src/engines/kubernetes/clusters/kind/kind-lifecycle.js'
import type {KindNodes} from '../../../../../../src/engines/kubernetes/clusters/kind/kind-nodes.js'
import {kubernetesLayout, type Layout} from '../../../../../../src/engines/kubernetes/clusters/layout.js'
import {JhubError} from '../../../../../../src/errors.js'
import {realHost} from '../../../../../../src/host/real-host.js'

let directory: string
let layout: Layout
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'jhub-kind-'))
  layout = kubernetesLayout(path.join(directory, 'state'), path.join(directory, 'data'))
})
afterEach(() => rm(directory, {recursive: true, force: true}))

const name = 'jhub-class'

/** A program in the place of kind, and a Docker that has no node. */
async function lifecycle(script: string, nodes: Partial<KindNodes> = {}) {
  const program = path.join(directory, 'kind')
  await writeFile(program, `#!/bin/sh\ncd '${directory}'\n${script}`, {mode: 0o755})
  const answer = {stdout: 'kind\n', stderr: '', exitCode: 0}
  const {create, inspect} = kindLifecycle({
    host: realHost(),
    name,
    layout,
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
      ...nodes,
    },
  })
  const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
  const settings = {nodes: 1, nodeImage: undefined, address: '127.0.0.1', port: 8000}
  return {program, make: () => create(settings, context), inspect}
}

/** Writes down what it was asked, and the kubeconfig that its last word names. */
const makes = 'echo "$1" >> asked; [ "$1" = delete ] || for last; do :; done; [ "$1" = delete ] || echo > "$last"\n'

describe('making a kind cluster', () => {
  it('says why kind could not', async () => {
    // As kind does: the reason stands on stderr, above the output of what failed, and with `--quiet` nothing does.
    const {make} = await lifecycle(`case " $* " in *' --quiet '*) exit 1;; esac
      echo 'ERROR: failed to create cluster: failed to pull image "kindest/node:v9"' >&2
      for line in $(seq 30); do echo "line $line of what failed" >&2; done
      exit 1
    `)
    await expect(make()).rejects.toMatchObject({code: 'JHUB-E213', message: 'The node image could not be downloaded'})
  })

  it('ends the kind of a jhub that was killed, which would remove the new nodes when it fails', async () => {
    const {program, make} = await lifecycle(
      `[ ! -e holds ] || { echo >> held; while :; do sleep 0.1; done; }\n${makes}`,
    )
    await writeFile(path.join(directory, 'holds'), '')
    const words = ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig']
    const left = spawn(program, [...words, layout.kubeconfig], {stdio: 'ignore'})
    const others = spawn(program, [...words, '/elsewhere/kubeconfig'], {stdio: 'ignore'})
    try {
      await vi.waitFor(async () => expect(await readFile(path.join(directory, 'held'), 'utf8')).toBe('\n\n'), {
        timeout: 60_000,
      })
      const ended = once(left, 'exit')
      await rm(path.join(directory, 'holds'))
      await make()
      await ended
      expect([left.signalCode, others.signalCode]).toEqual(['SIGTERM', null])
    } finally {
      left.kill('SIGKILL')
      others.kill('SIGKILL')
    }
  })

  it.each([
    ['node(s) already exist for a cluster with the name "jhub-class"', 'create\ndelete\ncreate\n'],
    ['Conflict. The container name "/jhub-class-control-plane" is already in use', 'create\ndelete\ncreate\n'],
  ])('makes room when Docker comes late with a node of a kind that was killed: %s', async (said, asked) => {
    const {make} = await lifecycle(`case $1 in
      delete) touch deleted;;
      create) [ -e deleted ] || { echo create >> asked; echo 'ERROR: ${said}' >&2; exit 1; };;
    esac
    ${makes}`)
    await make()
    expect(await readFile(path.join(directory, 'asked'), 'utf8')).toBe(asked)
  })
})

describe('looking at a kind cluster', () => {
  it('looks again when a node goes away while it looks, as after a killed `down`', async () => {
    const node = `${name}-control-plane`
    const gone = new JhubError('JHUB-E201', `\`docker inspect ${node}\` ended with exit code 1`, {
      details: {output: `[]\nError: No such object: ${node}`},
    })
    const listed = [[node], []]
    const {inspect} = await lifecycle('', {
      docker: () => Promise.reject(gone),
      names: async () => listed.shift() ?? [],
    })
    expect(await inspect()).toEqual({state: 'missing'})
    const {inspect: inspectFrozen} = await lifecycle('', {
      docker: () => Promise.reject(gone),
      names: async () => [node],
    })
    await expect(inspectFrozen()).rejects.toThrow('docker inspect')
  })
})
