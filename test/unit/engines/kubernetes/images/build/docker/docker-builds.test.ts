import {expect, it} from 'vitest'
import {dockerBuilds} from '../../../../../../../src/engines/kubernetes/images/build/docker/docker-builds.js'

it('says of each thing that is left what it is', async () => {
  const answer = {stdout: 'localhost/jhub/class:data-1\n', stderr: '', exitCode: 0}
  const builds = dockerBuilds(() => Promise.resolve(answer), 'class', {
    label: '',
    madeWith: () => [],
    withContainer: (work) => work(''),
    removeEnded: () => Promise.resolve(),
    there: () => Promise.resolve({containers: ['jhub.building.class.1'], volumes: ['jhub-class-packages']}),
  })
  expect(await builds.leftovers()).toEqual([
    'the image localhost/jhub/class:data-1',
    'the container jhub.building.class.1',
    'the Docker volume jhub-class-packages (downloaded packages)',
  ])
})
