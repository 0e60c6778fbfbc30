import {expect, it} from 'vitest'
import {findLocalImages} from '../../../../../../../src/engines/kubernetes/clusters/kind/images/local-images.js'

it.each([
  ['jupyter/base-notebook', 'jupyter/base-notebook:latest'],
  ['docker.io/library/debian', 'debian:latest'],
  ['docker.io/jupyter/base-notebook:1', 'jupyter/base-notebook:1'],
  ['registry:5000/lab/image', 'registry:5000/lab/image:latest'],
  ['quay.io/jupyterhub/k8s-hub:4.4.0', 'quay.io/jupyterhub/k8s-hub:4.4.0'],
])('an image named %s is the one that Docker calls %s', async (image, tag) => {
  const stdout = `"sha256:1" 7 ${JSON.stringify([tag])} []\n`
  const run = async () => ({stdout, stderr: '', output: stdout, exitCode: 0})
  expect(await findLocalImages({run}, [image])).toEqual([{name: image, id: 'sha256:1', sizeBytes: 7}])
  expect(await findLocalImages({run}, [`${image}-other`])).toEqual([])
})
