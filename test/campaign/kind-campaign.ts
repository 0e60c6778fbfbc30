import {inKind, kindSpec, kubectl, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub} from '../e2e/real-jhub.js'
import type {CampaignEngine} from './campaign-engine.js'
import {killedDown, killedUp, killedUserAdd} from './kill-cases.js'
import type {DriftCase} from './run-drift.js'

const [name, port] = ['campaign', 18_990]

/** kubectl in the hub's namespace, as somebody else would use it. */
const inNamespace = (...words: string[]) => kubectl(name, '--namespace', name, ...words)

const drift: readonly DriftCase[] = [
  {
    name: "the hub's Deployment scaled to none",
    damage: () => inNamespace('scale', 'deployment/hub', '--replicas=0'),
    planned: /hub/,
    diagnosed: /hub/,
  },
]

/** A cluster that kind makes, with the chart. */
export const kindCampaign: CampaignEngine = {
  name: 'kind',
  whyNot: whyNoKind,
  async make() {
    return realJhub({name, port, spec: await kindSpec({name, port})})
  },
  readHome: (jhub, account, file) => inKind.readHome(jhub, account, file),
  drift,
  kills: [killedUp, killedUserAdd, killedDown((jhub) => inKind.leftovers(jhub))],
}
