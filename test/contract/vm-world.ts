import type {EngineWorld} from '../fakes/engine-world.js'
import {fakeContext} from '../fakes/fake-context.js'
import type {World} from './world.js'

/** A world of the vm engine, as the contract sees it. */
export function vmWorld(make: (port: number) => EngineWorld): (port: number) => World {
  return (port) => {
    const fake = make(port)
    return Object.assign<EngineWorld, Omit<World, keyof EngineWorld>>(fake, {
      mode: 'vm',
      context: () => fakeContext(fake),
      running: () => [...fake.services()],
      hubFingerprint: () => fake.services().get('hub'),
    })
  }
}
