import {kubernetesEngine} from '../../src/engines/kubernetes/kubernetes-engine.js'
import {definedOnly} from '../../src/defined-only.js'
import type {Clock} from '../../src/host/clock.js'
import {realClock} from '../../src/host/real-clock.js'
import {fakeCluster, type FakeCluster} from '../fakes/fake-cluster.js'
import {assets, fakeContext} from '../fakes/fake-context.js'
import {fakeMachine} from '../fakes/fake-machine.js'
import type {World} from './world.js'

export type KubernetesWorld = FakeCluster & World

export function kubernetesWorld(
  port: number,
  {isOwn = true, clock = realClock}: {readonly isOwn?: boolean; readonly clock?: Clock} = {},
): KubernetesWorld {
  const fake = fakeCluster(port, {isOwn})
  const runs = () => [...fake.objects.values()].filter(({kind}) => kind === 'Pod')
  return Object.assign<FakeCluster, Omit<World, keyof FakeCluster>>(fake, {
    mode: 'k8s',
    context: () => {
      const context = fakeContext(fakeMachine(port))
      return {
        ...context,
        host: {...context.host, files: fake.files},
        chooseEngine: async (spec, _host, {bundle}) => ({
          engine: kubernetesEngine({cluster: fake.cluster, clock, assets, spec, ...definedOnly({bundle})}),
        }),
      }
    },
    running: () => [...(fake.found.state === 'missing' ? [] : [fake.found]), ...structuredClone(runs())],
    hubFingerprint: () =>
      runs().find(({metadata}) => metadata.labels?.['component'] === 'hub')?.metadata.annotations?.['fingerprint'],
    homeFile: (user, name) => `/data/fake/volumes/fake/claim-${user}/${name}`,
  })
}
