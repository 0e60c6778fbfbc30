import {describe, expect, it} from 'vitest'
import {chartConflicts} from '../../../../src/hub-spec/place/chart-conflicts.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const conflicts = (values: string, rest = '') =>
  chartConflicts(parseHubSpec(`version: 1\nname: a\nmode: k8s\nk8s: {cluster: kind, values: ${values}}\n${rest}`))

const settings = '/usr/local/etc/jupyterhub/jupyterhub_config.d'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const images = 'images: {data: {packages: [pandas]}}\n'
const profiles = '{singleuser: {profileList: [{display_name: GPU, kubespawner_override: {image: "gpu:1"}}]}}'

describe("values of the chart that take the place of jhub's own, or have no effect", () => {
  it.each([
    ['{hub: {config: {JupyterHub: {spawner_class: simple}}}}', 'spawner_class has no effect'],
    ['{hub: {config: {Spawner: {pre_spawn_hook: f}}}}', 'Spawner.pre_spawn_hook is a text, and a hook is a function'],
    ['{hub: {config: {KubeSpawner: {pre_spawn_hook: f}}}}', 'KubeSpawner.pre_spawn_hook is a text'],
    ['{hub: {baseUrl: /x/}}', 'is set by access.baseUrl'],
    ['{hub: {services: {jhub: {apiToken: x}}}}', 'services.jhub changes what jhub itself needs'],
    ['{hub: {extraConfig: {a: "c.JupyterHub.spawner_class = X"}}}', 'extraConfig.a sets spawner_class'],
    [
      '{hub: {extraConfig: {a: "c.KubeSpawner.mem_limit = \'9G\'\\nc.Spawner.cpu_limit=9"}}}',
      'extraConfig.a sets mem_limit, cpu_limit: jhub sets limits itself, from limits in the settings file.',
    ],
    [
      "{hub: {extraConfig: {a: \"c['Authenticator']['allow_all'] = True\"}}}",
      'extraConfig.a sets allow_all: jhub sets who can sign in itself, from users and auth.allow',
    ],
    [
      '{hub: {extraConfig: {a: "if 1:\\n  c.Authenticator.admin_users |= {\'eve\'}"}}}',
      'extraConfig.a sets admin_users: jhub sets admins itself, from users in the settings file.',
    ],
    [
      '{hub: {extraConfig: {a: "c.GitHubOAuthenticator.admin_users.add(\'eve\')"}}}',
      'extraConfig.a sets admin_users: jhub sets admins itself',
    ],
    [
      '{hub: {extraFiles: {jhub_limits_py: {mountPath: /x, stringData: x}}}}',
      "extraFiles.jhub_limits_py takes the place of jhub's own file",
    ],
    [
      `{hub: {extraFiles: {a: {mountPath: ${settings}/a.py, stringData: "c.JupyterHub.spawner_class = X"}}}}`,
      'extraFiles.a sets spawner_class in place of jhub',
    ],
    [
      `{hub: {extraFiles: {a: {mountPath: ${settings}/a.py, binaryData: ${base64('c.KubeSpawner.mem_limit = "9G"')}}}}}`,
      'extraFiles.a sets mem_limit: jhub sets limits itself',
    ],
  ])('%s', (values, said) => {
    expect(conflicts(values)).toEqual([expect.stringContaining(said)])
  })

  it('are a profile with an image where the spec has images too', () => {
    expect(conflicts(profiles, images)).toEqual([expect.stringContaining('profileList gives images')])
    expect(conflicts(profiles)).toEqual([])
    expect(conflicts('{singleuser: {profileList: [{display_name: Small}]}}', images)).toEqual([])
  })

  it('are none in ordinary values', () => {
    expect(
      conflicts('{hub: {extraConfig: {a: "print(1)  # spawner_class = X"}}, proxy: {chp: {resources: {}}}}'),
    ).toEqual([])
    // Of one server, in a hook.
    expect(conflicts('{hub: {extraConfig: {a: "def hook(spawner):\\n  spawner.mem_limit = 1"}}}')).toEqual([])
    expect(
      conflicts('{hub: {extraConfig: {a: "# c.KubeSpawner.mem_limit = 1\\nx = c.Spawner.mem_limit == 1"}}}'),
    ).toEqual([])
    // No configuration of the hub.
    expect(
      conflicts('{hub: {extraFiles: {a: {mountPath: /srv/a.py, stringData: "c.KubeSpawner.mem_limit = 1"}}}}'),
    ).toEqual([])
    // The limits are set before it runs.
    expect(conflicts('{hub: {extraConfig: {a: "c.KubeSpawner.pre_spawn_hook = hook"}}}')).toEqual([])
  })
})
