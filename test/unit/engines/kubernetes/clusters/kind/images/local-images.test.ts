import {expect, it} from 'vitest'
import {imageDigest} from '../../../../../../../src/engines/kubernetes/images/image-digest.js'
import {findLocalImages} from '../../../../../../../src/engines/kubernetes/clusters/kind/images/local-images.js'

it.each([
  ['jupyter/base-notebook', 'jupyter/base-notebook:latest'],
  ['docker.io/library/debian', 'debian:latest'],
  ['docker.io/jupyter/base-notebook:1', 'jupyter/base-notebook:1'],
  ['registry:5000/lab/image', 'registry:5000/lab/image:latest'],
  ['quay.io/jupyterhub/k8s-hub:4.4.0', 'quay.io/jupyterhub/k8s-hub:4.4.0'],
])('an image named %s is the one that Docker calls %s', async (image, tag) => {
  const stdout = `["sha256:1",7,${JSON.stringify([tag])},[],"2026-01-02T03:04:05.678901234Z",["sha256:l"]]\n`
  const run = async () => ({stdout, stderr: '', output: stdout, exitCode: 0})
  const contents = imageDigest({created: '2026-01-02T04:04:05.678+01:00', layers: ['sha256:l']})
  expect(await findLocalImages({run}, [image])).toEqual([{name: image, id: 'sha256:1', sizeBytes: 7, contents}])
  expect(await findLocalImages({run}, [`${image}-other`])).toEqual([])
})
