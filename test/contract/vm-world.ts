import {fakeContext} from '../fakes/fake-context.js'
import {fakeMachine, type FakeMachine} from '../fakes/fake-machine.js'
import type {World} from './world.js'

export function vmWorld(port: number): World {
  const fake = fakeMachine(port)
  return Object.assign<FakeMachine, Omit<World, keyof FakeMachine>>(fake, {
    mode: 'vm',
    context: () => fakeContext(fake),
    running: () => structuredClone([...fake.services]),
    hubFingerprint: () => fake.services.get('hub')?.fingerprint,
    homeFile: (user, name) => `/data/fake/homes/${user}/${name}`,
  })
}
