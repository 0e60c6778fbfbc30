import {describe, it} from 'vitest'
import {hubJourney} from './hub-journey.js'
import {inKind, kindSpec, whyNoKind} from './kind-lab.js'

const reason = await whyNoKind()

if (reason !== undefined) {
  console.error(`SKIPPED: every test on Kubernetes: ${reason}`)
  describe('a hub on Kubernetes', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  const options = {port: 18_610, name: 'k8sjourney'}
  hubJourney('a hub in a kind cluster', {...options, spec: await kindSpec(options)}, inKind)
}
