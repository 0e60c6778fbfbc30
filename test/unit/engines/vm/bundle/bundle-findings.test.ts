import {describe, expect, it} from 'vitest'
import type {MachineManifest} from '../../../../../src/bundle/manifest.js'
import {bundleFindings, type BundleUse} from '../../../../../src/engines/vm/bundle/bundle-findings.js'
import {bundleManifest, clusterManifest} from '../../../../fakes/bundle-manifest.js'

const manifest: MachineManifest = {
  ...bundleManifest,
  locks: {uv: 'aaa', JupyterHub: 'bbb'},
  image: 'jhub-machine:1',
}
const use: BundleUse = {
  platform: 'linux',
  architecture: 'x64',
  python: '3.13',
  undecided: [],
  locks: new Map([
    ['uv', 'aaa'],
    ['JupyterHub', 'bbb'],
  ]),
}

describe('whether a bundle is for a machine', () => {
  it('one of a hub in a cluster is not', () => {
    expect(bundleFindings(clusterManifest, use)).toMatchObject([{state: 'problem', found: 'it is for mode: k8s'}])
  })

  it.each(['0.9.0', '9.0.0'])('one that jhub %s made is, where all that this jhub needs is in it', (jhub) => {
    expect(bundleFindings({...manifest, jhub}, use)).toMatchObject([{state: 'ok'}])
  })

  const cases: readonly (readonly [string, Partial<BundleUse>, string | undefined])[] = [
    ['all is in it', {}, undefined],
    ['there is no machine yet', {python: undefined as never}, undefined],
    ['the image is in it', {image: 'jhub-machine:1'}, undefined],
    ['another architecture', {architecture: 'arm64'}, 'it is for linux x86_64'],
    ['another system', {platform: 'darwin'}, 'it is for linux x86_64'],
    ['another Python', {python: '3.11'}, 'its packages are for Python 3.13'],
    [
      'a newer jhub with other packages',
      {locks: new Map([['JupyterHub', 'ccc']])},
      'jhub 1.0.0 made it, without these packages: JupyterHub',
    ],
    [
      'an image that was added later',
      {locks: new Map([['the image data', 'ddd']])},
      'jhub 1.0.0 made it, without these packages: the image data',
    ],
    ['an image without its lock file', {undecided: ['data']}, 'the lock file of the image data is missing here'],
    [
      'a repository that was named later',
      {content: 'https://git.example/course/'},
      'it has no copy of https://git.example/course/',
    ],
    [
      'another machine image',
      {image: 'jhub-machine:2'},
      'its image of the docker machine is missing, or was made by another jhub or with other certificates (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS)',
    ],
  ]
  it.each(cases)('%s', (_, change, found) => {
    const problems = bundleFindings(manifest, {...use, ...change}).filter(({state}) => state === 'problem')
    expect(problems.map((each) => each.found)).toEqual(found === undefined ? [] : [found])
  })
})
