import {execa} from 'execa'
import {describe, expect, it} from 'vitest'
import {dockerCampaign} from '../campaign/vm-campaign.js'
import {inContainer, inDocker, whyNoDocker} from './docker-machine.js'
import {hubJourney} from './hub-journey.js'
import {realJhub} from './real-jhub.js'
import {systemdGuarantees} from './systemd-guarantees.js'

const reason = await whyNoDocker()

if (reason !== undefined) {
  describe('a hub in a container with systemd', () => it.skip(`skipped: ${reason}`, () => undefined))
} else {
  hubJourney(
    'a hub in a container with systemd',
    {port: 18_710, name: 'vmjourney', machine: 'docker'},
    {...inDocker, images: true, debianPackages: true, drift: dockerCampaign.drift.filter(({inCi}) => inCi === true)},
  )

  systemdGuarantees('people in a container with systemd', 18_711, {
    make: () => realJhub({port: 18_711, name: 'vmpeople', machine: 'docker'}),
    isContainer: true,
    inside: (...argv) => inContainer('jhub-vmpeople', ...argv),
    boot: async () => {
      await execa('docker', ['restart', 'jhub-vmpeople'])
    },
    async network() {
      const gateway = '{{.NetworkSettings.Networks.bridge.Gateway}}'
      return (await execa('docker', ['inspect', '--format', gateway, 'jhub-vmpeople'])).stdout
    },
  })

  describe('what is not ours', () => {
    it('a container of that name is left alone and told', async () => {
      const jhub = await realJhub({port: 18_712, name: 'vmforeign', machine: 'docker'})
      await execa('docker', ['create', '--name', 'jhub-vmforeign', 'debian:trixie-slim'])
      try {
        const said = await jhub.run('up', '--port', '18712')
        expect(said.exitCode).toBe(3)
        expect(said.stderr).toContain('container jhub-vmforeign: it is there, and jhub did not make it')
        await jhub.run('down', '--delete-data', '--confirm', 'vmforeign')
        expect((await execa('docker', ['ps', '-aq', '--filter', 'name=jhub-vmforeign'])).stdout).not.toBe('')
      } finally {
        await execa('docker', ['rm', 'jhub-vmforeign'])
        await jhub.dispose()
      }
    })
  })
}
