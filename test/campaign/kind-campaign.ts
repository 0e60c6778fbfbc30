import {readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {kindDamages, kindDamagesOutside} from '../e2e/kind-drift.js'
import {inKind, kindSpec, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub} from '../e2e/real-jhub.js'
import type {CampaignEngine} from './campaign-engine.js'
import {killedDown, killedUp, killedUserAdd} from './kill-cases.js'
import type {DriftCase} from './run-drift.js'
import type {KillCase} from './run-kills.js'

const [name, port] = ['campaign', 18_990]

const drift: readonly DriftCase[] = [
  ...kindDamages.map(({name: what, damage, said, planned = said}): DriftCase => ({
    name: what,
    damage: ({jhub}) => damage(jhub),
    ...(planned === undefined ? {} : {planned}),
    ...(said === undefined ? {} : {diagnosed: said}),
  })),
  ...kindDamagesOutside.map(({name: what, damage, planned}): DriftCase => ({
    name: what,
    damage: ({jhub}) => damage(jhub),
    planned,
  })),
]

/** A hub that is given other settings by helm, killed on the way; then the same command again. */
const killedChange: KillCase = {
  words: ['up'],
  title: 'up with other settings',
  async prepare({jhub}) {
    const file = path.join(jhub.environment['JHUB_CONFIG_DIR'] ?? '', `${jhub.name}.yaml`)
    const source = await readFile(file, 'utf8')
    const next = source.includes('after: 1h') ? 'after: 2h' : 'after: 1h'
    await writeFile(file, source.replace(/after: \dh/, next))
  },
  reached: () => Promise.resolve([]),
  leavesAHub: true,
}

/** A cluster that kind makes, with the chart. */
export const kindCampaign: CampaignEngine = {
  name: 'kind',
  whyNot: whyNoKind,
  async make() {
    return realJhub({name, port, spec: await kindSpec({name, port})})
  },
  readHome: (jhub, account, file) => inKind.readHome(jhub, account, file),
  drift,
  kills: [killedUp, killedChange, killedUserAdd, killedDown((jhub) => inKind.leftovers(jhub))],
}
