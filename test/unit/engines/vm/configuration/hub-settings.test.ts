import {expect, it} from 'vitest'
import {hubSettings} from '../../../../../src/engines/vm/configuration/hub-settings.js'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {signInSettings} from '../../../../../src/engines/sign-in/sign-in-settings.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'

function settingsOf(idle: string) {
  const spec = parseHubSpec(`version: 1\nname: test\nmode: vm\nidle: {after: ${idle}}\n`)
  return hubSettings({
    spec,
    access: spec.access,
    layout: machineLayout('/opt/jhub/test', '/opt/jhub/test.data'),
    ports: {hub: 8081, proxy: 8082},
    userEnvironment: '/opt/jhub/test/env/user-0',
    listenAddress: '127.0.0.1',
    servers: {spawner: 'process'},
    ownAccounts: false,
    cgroup: undefined,
    extraConfigFile: undefined,
    signIn: signInSettings(spec.auth, ''),
  })
}

it("are those with which the hub's Python is tested", async () => {
  const file = '../../../../fixtures/settings.json'
  await expect(`${JSON.stringify(settingsOf('90m'), undefined, 2)}\n`).toMatchFileSnapshot(file)
})

it('never ask the idle culler for a timeout of zero seconds', () => {
  expect(settingsOf('400ms')).toMatchObject({idleAfterSeconds: 1})
  expect(settingsOf('never')).toMatchObject({idleAfterSeconds: null})
})
