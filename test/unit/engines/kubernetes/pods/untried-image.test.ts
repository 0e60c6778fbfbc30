import {describe, expect, it} from 'vitest'
import type {KubeApi} from '../../../../../src/engines/kubernetes/api/kube-api.js'
import {untriedImage} from '../../../../../src/engines/kubernetes/pods/untried-image.js'
import {JhubError} from '../../../../../src/errors.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'

const specWith = (more = '') =>
  parseHubSpec(`version: 1\nname: physics\nmode: k8s\nk8s: {cluster: "context:prod", image: "class:1"${more}}\n`)
const nodesWith = (...images: readonly (readonly string[] | null)[]) =>
  ({list: async () => [{status: {images: images.map((names) => ({names}))}}, {}]}) as unknown as KubeApi
const narrow = {list: () => Promise.reject(new JhubError('JHUB-E212', 'may not list nodes'))} as unknown as KubeApi

describe("the image of people's servers in a cluster that was there", () => {
  it.each([
    ['no node has it', nodesWith(['docker.io/library/other:1', 'subclass:1'], null), 'class:1'],
    ['a node has it', nodesWith(null, ['docker.io/library/class@sha256:00', 'docker.io/library/class:1']), undefined],
    ['this account may not ask the nodes', narrow, 'class:1'],
  ])('where %s', async (_, api, untried) => {
    expect(await untriedImage(api, specWith())).toBe(untried)
  })

  it('is the one of the values, which have the last word', async () => {
    const spec = specWith(', values: {singleuser: {image: {name: quay.io/a/b, tag: "2"}}}')
    expect(await untriedImage(nodesWith(['class:1']), spec)).toBe('quay.io/a/b:2')
    expect(await untriedImage(nodesWith(['quay.io/a/b:2']), spec)).toBeUndefined()
  })
})
