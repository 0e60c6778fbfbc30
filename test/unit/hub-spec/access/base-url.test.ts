import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {baseUrlSchema} from '../../../../src/hub-spec/access/base-url-document.js'
import {basePath, isBaseUrl, toBaseUrl} from '../../../../src/hub-spec/access/base-url.js'
import {importTljhConfig} from '../../../../src/hub-spec/import/import-tljh-config.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'

const specOf = (access: string) => parseHubSpec(`version: 1\nname: a\nmode: vm\naccess: ${access}\n`)

describe('the path of a hub at its address', () => {
  it.each([
    ['/jupyter/', '/jupyter/', '/jupyter'],
    ['/jupyter', '/jupyter/', '/jupyter'],
    ['jupyter', '/jupyter/', '/jupyter'],
    ['/a/b.c/~d', '/a/b.c/~d/', '/a/b.c/~d'],
    ['/', undefined, ''],
  ])('%j', (written, baseUrl, path) => {
    const {access} = specOf(`{baseUrl: ${written}}`)
    expect(access.baseUrl).toBe(baseUrl)
    expect(basePath(access)).toBe(path)
  })

  it.each(['', '//', '/a//b', '/..', '/../a', '/a/./b', '/a b', '/a?b', '/a#b', '/ä', 'https://hub.example.org/'])(
    '%j is refused, with an example',
    (written) => {
      expect(isBaseUrl(written)).toBe(false)
      expect(() => specOf(`{baseUrl: ${JSON.stringify(written)}}`)).toThrow('a path such as /jupyter/')
    },
  )

  it('is read the same again, and means the same to a browser', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        if (!baseUrlSchema.safeParse(path).success) return
        const baseUrl = toBaseUrl(path)
        expect(toBaseUrl(baseUrl)).toBe(baseUrl)
        expect(new URL(baseUrl ?? '/', 'http://hub').pathname).toBe(baseUrl ?? '/')
      }),
    )
  })

  it("is taken over from TLJH's base_url", () => {
    const found = {directory: '/opt/tljh', configFile: 'config.yaml', config: 'base_url: /lab\n', users: []}
    expect(parseHubSpec(importTljhConfig(found, 'a').source).access.baseUrl).toBe('/lab/')
  })
})
