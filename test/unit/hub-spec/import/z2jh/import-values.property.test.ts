import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {JhubError} from '../../../../../src/errors.js'
import {chartKeys} from '../../../../../src/hub-spec/place/chart/chart-schema.js'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../../../../src/hub-spec/document/yaml-text.js'

/** Names that stand in values of real hubs, at whatever depth. */
const names = [
  ...chartKeys,
  ...[
    'jupyterhub',
    'auth',
    'config',
    'JupyterHub',
    'Authenticator',
    'GitHubOAuthenticator',
    'KubeSpawner',
    'loadRoles',
  ],
  ...['authenticator_class', 'admin_users', 'allowed_users', 'load_groups', 'users', 'mem_limit', 'delete_pvc'],
  ...['db', 'url', 'type', 'service', 'services', 'https', 'manual', 'enabled', 'hosts', 'secret', 'name', 'value'],
  ...['extraConfig', 'extraFiles', 'extraEnv', 'mountPath', 'stringData', 'image', 'tag', 'storage', 'capacity'],
  ...['dynamic', 'storageClass', 'memory', 'cpu', 'limit', 'guarantee', 'uid', 'nodeSelector', 'extraTolerations'],
  ...['extraResource', 'limits', 'timeout', 'every', 'userScheduler', 'create', 'registry', 'jhub', 'custom', 'spec'],
]
const secret = fc.constantFrom(
  ['client_secret', 'SECRET-1'],
  ['API_TOKEN', 'SECRET-2'],
  ['password', 'SECRET-3'],
  ['PIP_INDEX_URL', 'https://bot:SECRET-4@pypi.example/'],
  ['01-config', 'c.X.api_token = "SECRET-5-long"'],
  ['key', '-----BEGIN PRIVATE KEY-----\nSECRET-6'],
  ['anything', [{name: 'DB_PASSWORD', value: 'SECRET-7'}]],
  ['limit', 'postgres://u:SECRET-8@db/x'],
  ['admin_users', ['https://u:SECRET-9@x']],
)
const {tree} = fc.letrec<{tree: unknown; map: unknown}>((tie) => ({
  map: fc
    .tuple(fc.dictionary(fc.constantFrom(...names), tie('tree'), {maxKeys: 5}), fc.option(secret, {nil: undefined}))
    .map(([keys, hidden]) => (hidden === undefined ? keys : {...keys, [hidden[0] as string]: hidden[1]})),
  tree: fc.oneof(
    {depthSize: 'medium', withCrossShrink: true},
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      '',
      '1G',
      '0',
      'lots',
      'kind',
      'ana',
      'LoadBalancer',
      'manual',
      'none',
    ),
    fc.string(),
    fc.double(),
    fc.array(tie('tree'), {maxLength: 3}),
    tie('map'),
    tie('map'),
  ),
}))

describe('values of any form', () => {
  it('become a spec that can be read, without a secret in it or in the notes; or a sentence', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), tree), (values) => {
        try {
          const {document, notes} = importValues([{name: 'v.yaml', text: renderYaml(values)}], {name: 'x'})
          const source = renderYaml(document)
          expect(() => parseHubSpec(source)).not.toThrow()
          expect(source + notes.join('\n')).not.toContain('SECRET-')
        } catch (error) {
          if (!(error instanceof JhubError)) throw error
        }
      }),
      {numRuns: 500},
    )
  })

  it('are read, or refused with a sentence, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme', maxLength: 200}), (text) => {
        try {
          parseHubSpec(renderYaml(importValues([{name: 'v.yaml', text}], {name: 'x'}).document))
        } catch (error) {
          if (!(error instanceof JhubError)) throw error
        }
      }),
    )
  })
})
