import {describe, expect, it} from 'vitest'
import {exportValues} from '../../../../../src/engines/kubernetes/chart/export-values.js'
import {importValues} from '../../../../../src/hub-spec/import/z2jh/import-values.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {renderYaml} from '../../../../../src/hub-spec/document/yaml-text.js'

const imported = (profiles: string, image = '') => {
  const text = `singleuser:\n${image}  profileList:\n${profiles.replace(/^/gm, '    ')}\n`
  const {document, notes} = importValues([{name: 'values.yaml', text}], {name: 'physics', cluster: 'kind'})
  // Whatever comes of it is a spec.
  parseHubSpec(renderYaml(document))
  return {document, notes: notes.join('\n')}
}

const two = `- display_name: "Data science environment"
  description: "With <b>pandas</b>\\n and matplotlib"
  kubespawner_override: {image: quay.io/jupyter/datascience-notebook:2026-11-02}
- display_name: R
  default: true
  kubespawner_override:
    image: quay.io/jupyter/r-notebook:2026-11-02`

describe('profiles of Zero to JupyterHub', () => {
  it('that differ by their image become images, of which the default is what everybody has', () => {
    const {document, notes} = imported(two)
    expect(document).toMatchObject({
      image: 'r',
      images: {
        'data-science-environment': {
          oci: 'quay.io/jupyter/datascience-notebook:2026-11-02',
          description: 'Data science environment: With pandas and matplotlib',
        },
        r: {oci: 'quay.io/jupyter/r-notebook:2026-11-02', description: 'R'},
      },
      choose: ['data-science-environment', 'r'],
    })
    expect(document['k8s']).not.toHaveProperty('values')
    expect(notes).not.toContain('profileList')
    expect(notes).not.toContain('singleuser.image')
  })

  it('say which image of the values nobody gets', () => {
    const {notes} = imported(two, '  image: {name: quay.io/jupyter/base-notebook, tag: latest}\n')
    expect(notes).toContain(
      'singleuser.image (line 2) quay.io/jupyter/base-notebook:latest is left out: every profile has an image of its own.',
    )
  })

  it('of which the first has the usual image leave people that, or name it where the values do', () => {
    const profiles = `- display_name: Minimal\n${two.replace('  default: true\n', '')}`
    expect(imported(profiles).document).toMatchObject({choose: ['data-science-environment', 'r']})
    expect(imported(profiles).document).not.toHaveProperty('image')
    const named = imported(profiles, '  image: {name: registry.example/base, tag: "1"}\n').document
    expect(named).toMatchObject({
      image: 'minimal',
      images: {minimal: {oci: 'registry.example/base:1'}},
      choose: ['minimal', 'data-science-environment', 'r'],
    })
  })

  it('with one option of images are read as those', () => {
    const {document} = imported(`- display_name: Choose
  profile_options:
    image:
      display_name: Image
      choices:
        pytorch: {display_name: "PyTorch 2", default: true, kubespawner_override: {image: "quay.io/jupyter/pytorch-notebook:1"}}
        2i2c: {display_name: Other, kubespawner_override: {image: "quay.io/2i2c/image:1"}}`)
    expect(document).toMatchObject({
      image: 'pytorch',
      images: {
        pytorch: {oci: 'quay.io/jupyter/pytorch-notebook:1', description: 'Choose: PyTorch 2'},
        'image-2i2c': {oci: 'quay.io/2i2c/image:1'},
      },
    })
  })

  it.each([
    ['the first profile', ''],
    ['a marked profile', '  default: true\n'],
    ['a profile with an image', '  kubespawner_override: {image: "a.example/base:1"}\n'],
  ])('give everybody the default choice of %s', (_, more) => {
    const {document} = imported(`- display_name: Choose
${more}  profile_options:
    image:
      choices:
        a: {kubespawner_override: {image: "a.example/image:a"}}
        b: {default: true, kubespawner_override: {image: "a.example/image:b"}}
- {display_name: Other, kubespawner_override: {image: "a.example/other:1"}}`)
    expect(document).toMatchObject({image: 'b', images: {b: {oci: 'a.example/image:b'}}, choose: ['a', 'b', 'other']})
  })

  it('with an image and an option give that image to choices without their own', () => {
    const {document} = imported(
      `- display_name: Choose
  kubespawner_override: {image: "a.example/base:1"}
  profile_options:
    image:
      choices:
        a: {display_name: Plain}
        b: {kubespawner_override: {image: "a.example/image:b"}}`,
      '  image: {name: a.example/usual, tag: "1"}\n',
    )
    expect(document).toMatchObject({
      image: 'a',
      images: {a: {oci: 'a.example/base:1'}, b: {oci: 'a.example/image:b'}},
    })
  })

  it('that are one without an image offer nothing, which is said', () => {
    const {document, notes} = imported('- display_name: Standard\n  description: For everybody\n  default: true')
    expect(document).not.toHaveProperty('images')
    expect(document).not.toHaveProperty('k8s.values')
    expect(notes).toContain('profileList')
    expect(notes).toContain("its only profile is everybody's server")
  })

  it('of the same name get names of their own, and one alone is no choice', () => {
    const one = '- {display_name: "R!", kubespawner_override: {image: "a.example/r:1"}}'
    expect(imported(one).document).not.toHaveProperty('choose')
    const both = imported(`${one}\n- {display_name: "r", kubespawner_override: {image: "a.example/r:2"}}`).document
    expect(both).toMatchObject({image: 'r', choose: ['r', 'r-2']})
  })

  it.each([
    [
      'sets something else',
      '- {display_name: Big, kubespawner_override: {image: "a.example/r:1", mem_limit: 8G}}',
      'which also sets mem_limit',
    ],
    [
      'are for some alone',
      '- {display_name: Big, allowed_groups: [a], kubespawner_override: {image: "a.example/r:1"}}',
      'with allowed_groups',
    ],
    [
      'have an image that is none',
      '- {display_name: Big, kubespawner_override: {image: "Not a reference"}}',
      'an image that is not a reference',
    ],
    [
      'let people type an image',
      '- {display_name: Any, profile_options: {image: {unlisted_choice: {enabled: true}, choices: {}}}}',
      'type an image themselves',
    ],
    [
      'have several options',
      '- {display_name: Any, profile_options: {image: {choices: {}}, size: {choices: {}}}}',
      'several options',
    ],
    [
      'have the usual image twice',
      `- display_name: Minimal\n${two.replace('  default: true\n', '')}\n- display_name: Again`,
      'has "Again" without an image of its own',
    ],
    [
      'have a placeholder for an image',
      `- {display_name: Minimal, default: true, kubespawner_override: {image: "{{ DEFAULT_IMAGE }}"}}\n${two.replace('  default: true\n', '')}`,
      'One that lost its image starts the usual one',
    ],
    ['name the usual image later', `${two}\n- display_name: Minimal`, 'without an image of its own'],
  ])('that %s stay as they are, and are named', (_, profiles, why) => {
    const {document, notes} = imported(profiles)
    expect(notes).toContain(why)
    expect(notes).toContain('singleuser.profileList')
    expect(document).not.toHaveProperty('images')
    expect(document).toMatchObject({k8s: {values: {singleuser: {profileList: expect.any(Array) as unknown}}}})
  })
})

describe('profiles of an export', () => {
  const exported = (rules: string) =>
    exportValues(
      parseHubSpec(`version: 1
name: physics
mode: k8s
images:
  py: {oci: "a.example/py:1", description: "Python & <more>"}
  r: {oci: "a.example/r:1"}
  own: {packages: [pandas]}
${rules}
`),
      new Map(),
      undefined,
    )
  const profilesOf = (rules: string) => (exported(rules)['singleuser'] as Record<string, unknown>)['profileList']

  it('are the images among which everybody chooses, and are imported as those', () => {
    const values = exported('image: r\nchoose: [py, r]')
    const {document} = importValues([{name: 'values.yaml', text: renderYaml(values)}], {name: 'physics'})
    expect(document).toMatchObject({
      image: 'r',
      images: {py: {oci: 'a.example/py:1'}, r: {oci: 'a.example/r:1'}},
      choose: ['py', 'r'],
    })
  })

  it('begin with what people have anyway, and show words where the page takes HTML', () => {
    expect(profilesOf('choose: [py]')).toEqual([
      {display_name: 'Standard', slug: 'Standard', default: true},
      {
        display_name: 'Python &amp; &lt;more&gt;',
        slug: 'py',
        kubespawner_override: {image: 'a.example/py:1'},
      },
    ])
  })

  it('are not there where an image has to be built, and those of the spec win', () => {
    expect(profilesOf('choose: [py, own]')).toBeUndefined()
    expect(profilesOf('image: own\nchoose: [py]')).toBeUndefined()
    const own = 'k8s: {values: {singleuser: {profileList: [{display_name: Small}]}}}'
    expect(profilesOf(`choose: [py]\n${own}`)).toEqual([{display_name: 'Small'}])
  })
})
