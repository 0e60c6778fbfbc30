import type {EngineWorld} from '../fakes/engine-world.js'
import {fakeContext} from '../fakes/fake-context.js'
import type {World} from './world.js'

/** A world of the vm engine, as the contract sees it. */
export function vmWorld(
  make: (port: number) => EngineWorld,
  access?: (port: number) => string,
): (port: number) => World {
  return (port) => {
    const fake = make(port)
    if (access !== undefined) {
      const text = specWith(access(port))
      fake.files.entries.set('/config/fake.yaml', {kind: 'file', text, mode: 0o644, uid: 1000})
    }
    return Object.assign<EngineWorld, Omit<World, keyof EngineWorld>>(fake, {
      mode: 'vm',
      context: () => fakeContext(fake),
      running: () => [...fake.services()],
      hubFingerprint: () => fake.services().get('hub'),
    })
  }
}

function specWith(access: string): string {
  return `version: 1\nname: fake\nmode: vm\nvm: {machine: process}\naccess: {${access}}\nusers:\n  admin: {admin: true}\nidle: {after: 1h}\n`
}
