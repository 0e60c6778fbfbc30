import {describe, expect, it} from 'vitest'
import {readInnerPorts} from '../../../../../src/engines/vm/configuration/inner-ports.js'
import type {Machine} from '../../../../../src/engines/vm/machines/machine.js'
import {ensureSecrets} from '../../../../../src/engines/vm/steps/ensure-secrets.js'
import type {SignInSecret} from '../../../../../src/hub-spec/auth/auth-spec.js'
import type {GivenSecret} from '../../../../../src/engines/sign-in/sign-in-secret.js'
import {newSecrets, renderSecrets} from '../../../../../src/engines/sign-in/secrets.js'
import {realClock} from '../../../../../src/host/real-clock.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {fakeMachine} from '../../../../fakes/fake-machine.js'

const recorded = {hub: 901, proxy: 902}
const access = (https: string) =>
  parseHubSpec(`version: 1\nname: fake\nmode: vm\nusers: [ana]\naccess: {port: 8000${https}}\n`, 'jhub.yaml')
const plain = access('')
/** Behind Caddy, which is alone in using the second port. */
const behindCaddy = access(', lan: true, https: {domain: hub.example.org, email: ops@example.org}')
const noSecret: GivenSecret = {
  read: async () => undefined,
  give: async () => async () => undefined,
  forget: async () => undefined,
}

/** A hub that is down; another program listens at `taken`. */
async function downHub(taken: readonly number[], spec = plain, changed: Partial<Machine> = {}, given = noSecret) {
  const {machine: known, files} = fakeMachine(0)
  const network = {
    ...known.network,
    portState: async (port: number) => ({state: taken.includes(port) ? 'used' : 'free'}) as const,
    freePort: async ({without = []}: {readonly without?: readonly number[]} = {}) =>
      without.includes(903) ? 904 : 903,
  }
  const machine: Machine = {...known, network, ...changed}
  await files.write(machine.layout.secrets, renderSecrets(newSecrets()), {mode: 0o600})
  await files.write(machine.layout.innerPorts, JSON.stringify(recorded), {mode: 0o600})
  return {machine, step: ensureSecrets(machine, realClock, given, spec)}
}

const doing = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

describe('inner ports that another program took while the hub was down', () => {
  it.each([
    [[], behindCaddy, undefined, recorded],
    [
      [901],
      plain,
      'choose other ports than 901, where another program listens now (servers that run',
      {hub: 903, proxy: 904},
    ],
    [[902], behindCaddy, 'choose other ports than 902, where another program listens now', {hub: 901, proxy: 903}],
    [[902], plain, undefined, recorded],
    [[901, 902], behindCaddy, 'choose other ports than 901 and 902', {hub: 903, proxy: 904}],
  ])('are chosen again: %j', async (taken, spec, said, chosen) => {
    const {machine, step} = await downHub(taken, spec)
    const change = await step.check()
    if (said === undefined) expect(change).toBeUndefined()
    else expect(change?.summary).toContain(said)
    await step.apply(doing)
    expect(await readInnerPorts(machine)).toEqual(chosen)
    await step.undo?.()
    expect(await readInnerPorts(machine)).toEqual(recorded)
  })

  it('are its own while its proxy runs or systemd keeps them, and on a machine of its own', async () => {
    const {supervisor} = fakeMachine(0).machine
    const runs = async () => ({state: 'running', pid: 7, fingerprint: 'f', generation: '7'}) as const
    for (const changed of [
      {supervisor: {...supervisor, status: runs}},
      {supervisor: {...supervisor, heldPorts: async () => [901, 902]}},
      {base: {holdsAll: true} as Machine['base'] & object},
    ]) {
      const {step} = await downHub([901, 902], behindCaddy, changed)
      expect(await step.check()).toBeUndefined()
    }
  })

  it('are told beside a secret that the hub is given at the same time', async () => {
    const secret = {purpose: 'oidc', value: 'shh'} as unknown as SignInSecret
    const {step} = await downHub([901], plain, {}, {...noSecret, read: async () => secret})
    expect(await step.check()).toEqual({
      summary: expect.stringMatching(
        /^choose other ports than 901.*; give the hub the secret of the sign-in$/,
      ) as string,
      disturbs: 'hub restarts (servers keep running)',
    })
  })
})
