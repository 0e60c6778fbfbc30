import {describe, expect, it} from 'vitest'
import {offerImage, withdrawImage} from '../../../../src/hub-spec/edit/edit-choices.js'
import {addImage, removeImage, setImage, unsetImage} from '../../../../src/hub-spec/edit/edit-images.js'
import {
  describePackageChange,
  diffPackages,
  lockedPackages,
  parseImageLock,
  renderImageLock,
  withKnownHashes,
} from '../../../../src/hub-spec/images/image-lock.js'
import {clusterImageNote} from '../../../../src/hub-spec/images/cluster-image.js'
import {parseHubSpec} from '../../../../src/hub-spec/parse-hub-spec.js'
import {
  requirementHashes,
  requirementLines,
  requirementName,
  requirementProblem,
} from '../../../../src/hub-spec/images/recipes/requirement.js'

const base = 'version: 1\nname: class\nmode: vm   # one machine\nusers: [ana, ben]\ngroups: {ta: {}}\n'
const problemsOf = (more: string, mode = 'vm') => {
  try {
    parseHubSpec(`version: 1\nname: class\nmode: ${mode}\n${more}\n`)
    return 'none'
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
}

describe('images of a spec', () => {
  it('are read, with their recipes and who has them', () => {
    const spec = parseHubSpec(
      `${base.replace('users: [ana, ben]', 'users: {ana: {image: course}}').replace('ta: {}', 'ta: {image: data}')}image: data
images:
  data: {packages: [pandas, "matplotlib>=3.9"], description: Data frames}
  course: {requirements: course/requirements.txt}
`,
    )
    expect(spec.image).toBe('data')
    expect([spec.users.get('ana')?.image, spec.groups.get('ta')?.image]).toEqual(['course', 'data'])
    expect([...spec.images.values()]).toEqual([
      {
        recipe: {by: 'packages', packages: ['pandas', 'matplotlib>=3.9']},
        description: 'Data frames',
        lockFile: 'images/class/data.vm.lock',
      },
      {recipe: {by: 'requirements', file: 'course/requirements.txt'}, lockFile: 'images/class/course.vm.lock'},
    ])
  })

  it.each([
    [
      'image: dat\nimages: {data: {packages: [pandas]}}',
      'there is no image "dat" under "images" (did you mean "data"?)',
    ],
    ['users: {ana: {image: data}}', 'there is no image "data" under "images"'],
    ['groups: {ta: {image: data}}', 'there is no image "data" under "images"'],
    ['images: {Data: {packages: [pandas]}}', 'must be a lower-case letter'],
    ['images: {../x: {packages: [pandas]}}', 'must be a lower-case letter'],
    ['images: {data: {}}', 'has no recipe'],
    ['images: {data: {packages: []}}', 'packages: must name a package'],
    ['images: {data: {packages: [pandas], requirements: a.txt}}', 'has packages and requirements'],
    ['images: {data: {environment: a.yml, python: "3.12"}}', 'name python under dependencies in the file'],
    ['images: {data: {oci: "quay.io/jupyter/scipy-notebook:latest"}}', 'mode vm does not run'],
    ['images: {data: {build: docker}}', 'mode vm does not run'],
    ['vm: {machine: process}\nimages: {data: {apt: [git]}}', '5:17  images.data.apt: is not for the process machine'],
    ['images: {data: {packages: [pandas], apt: []}}', 'apt: must name a package'],
    ['images: {data: {apt: [git, R-Cran-irkernel]}}', 'apt.1: "R-Cran-irkernel" cannot be the name'],
    ['images: {data: {apt: ["git=1:2.47"]}}', 'cannot be the name of a Debian package; write git'],
    ['images: {data: {apt: [python3-]}}', '"python3-" cannot be the name of a Debian package'],
    ['images: {data: {apt: ["--reinstall"]}}', '"--reinstall" cannot be the name of a Debian package'],
    ['images: {data: {apt: [git], python: "3.9"}}', 'python: is 3.9'],
    ['images: {data: {packages: [pandas], python: 3.10}}', '4:45  images.data.python: must be text in quotes'],
    ['images: {data: {packages: [pandas], python: "3.12.4"}}', 'must be a version of Python, for example "3.12"'],
    ['images: {data: {packages: [pandas], python: "3.9"}}', 'python: is 3.9, and JupyterHub needs 3.10 or newer'],
    [
      'images: {data: {packages: [pandas]}}\nchoose: [data, dat]',
      '5:16  choose.1: there is no image "dat" under "images" (did you mean "data"?)',
    ],
    ['images: {data: {packages: [pandas]}}\nchoose: [data, data]', 'choose.1: names the image "data" a second time'],
    ['users: {ana: {choose: [data]}}', 'users.ana.choose.0: there is no image "data" under "images"'],
    ['groups: {ta: {choose: [data]}}', 'groups.ta.choose.0: there is no image "data" under "images"'],
    ['images: {data: {packages: [pandas]}}\nchoose: []', 'must name an image'],
    ['images: {data: {packages: [-r /etc/passwd]}}', 'is an option of pip'],
    ['images: {data: {packages: ["git+https://example.org/a.git"]}}', 'has no hash'],
    ['images: {data: {pakages: [pandas]}}', 'did you mean "packages"?'],
  ])('are refused with a sentence: %s', (more, sentence) => {
    expect(problemsOf(more)).toContain(sentence)
  })

  it.each([
    'quay.io/jupyter/scipy-notebook:2026-11-02',
    'python',
    'localhost:5000/a/b-c__d.e:1.0_x',
    `a/b@sha256:${'0'.repeat(64)}`,
  ])('may be a container image in a cluster: %s', (oci) => {
    expect(problemsOf(`images: {data: {oci: "${oci}"}}`, 'k8s')).toBe('none')
    expect(problemsOf(`images: {data: {oci: "${oci}"}}`)).toContain('is a container image, which mode vm does not run')
    expect(problemsOf(`images: {data: {oci: "${oci}", python: "3.12"}}`, 'k8s')).toContain('which has its own')
  })

  it.each(['--privileged', 'A/b', 'a b', 'a:', 'a@sha256:12', '../a', 'a/', 'https://quay.io/a'])(
    'are refused where that is no reference: %s',
    (oci) => {
      expect(problemsOf(`images: {data: {oci: "${oci}"}}`, 'k8s')).toContain(
        'is not the reference of a container image',
      )
    },
  )

  it('may name the container image on which packages are installed, in a cluster', () => {
    const images = (more: string) => `images: {data: {${more}}}`
    expect(problemsOf(images('packages: [pandas], base: "quay.io/a/b:1"'), 'k8s')).toBe('none')
    expect(problemsOf(images('packages: [pandas], base: "quay.io/a/b:1"'))).toContain('which mode vm does not run')
    expect(problemsOf(images('packages: [pandas], base: "A b"'), 'k8s')).toContain('is not the reference')
    expect(problemsOf(images('oci: "a/b:1", base: "a/c:1"'), 'k8s')).toContain('has no effect on a container image')
  })

  it('have k8s.image among them, which has to be a reference, and its name', () => {
    const k8s = 'k8s: {image: "quay.io/a/b:1"}\n'
    expect(problemsOf(`${k8s}users: {ana: {image: k8s-image}}`, 'k8s')).toBe('none')
    expect(problemsOf(`${k8s}images: {k8s-image: {packages: [pandas]}}`, 'k8s')).toContain('take another name')
    expect(problemsOf('k8s: {image: "A b"}', 'k8s')).toContain('is not the reference of a container image')
    expect(problemsOf('users: {ana: {image: k8s-image}}', 'k8s')).toContain('there is no image "k8s-image"')
  })

  it.each(['context:campus', 'docker-desktop'])(
    'have no k8s.image among them in %s, whose nodes download it',
    (cluster) => {
      const spec = parseHubSpec(
        `version: 1\nname: a\nmode: k8s\nk8s: {cluster: "${cluster}", image: "quay.io/a/b:1"}\nusers: {}\n`,
      )
      expect([spec.image, [...spec.images]]).toEqual([undefined, []])
      expect(spec.k8s.image).toBe('quay.io/a/b:1')
      expect(clusterImageNote(spec)).toBeUndefined()
    },
  )

  it('may be Debian packages alone, or beside another recipe, and in a cluster beside none that is whole', () => {
    const imagesOf = (images: string) => [...parseHubSpec(`${base}images: ${images}\n`).images.values()]
    expect(imagesOf('{r: {apt: [r-cran-irkernel, g++]}}')).toMatchObject([
      {recipe: {by: 'packages', packages: []}, apt: ['r-cran-irkernel', 'g++']},
    ])
    expect(imagesOf('{r: {requirements: r.txt, apt: [git]}}')).toMatchObject([
      {recipe: {by: 'requirements', file: 'r.txt'}, apt: ['git']},
    ])
    for (const more of ['apt: [git]', 'apt: [git], packages: [pandas]'])
      expect(problemsOf(`images: {r: {${more}}}`, 'k8s')).toBe('none')
    for (const more of ['oci: "a/b:1"', 'build: course'])
      expect(problemsOf(`images: {r: {apt: [git], ${more}}}`, 'k8s')).toContain(
        'has no effect on a container image; remove it',
      )
    expect(problemsOf('k8s: {cluster: "context:campus"}\nimages: {r: {apt: [git]}}', 'k8s')).toContain('do not get it')
  })

  it('have a lock of their own for each mode', () => {
    const lockFile = (mode: string) =>
      parseHubSpec(`version: 1\nname: class\nmode: ${mode}\nimages: {data: {packages: [pandas]}}\n`).images.get('data')
        ?.lockFile
    expect([lockFile('vm'), lockFile('k8s')]).toEqual(['images/class/data.vm.lock', 'images/class/data.k8s.lock'])
  })

  it.each(['docker-desktop', 'context:campus'])('that are built here need a registry to come to %s', (cluster) => {
    const problems = (recipe: string, registry = '') =>
      problemsOf(`images: {data: {${recipe}}}\nk8s: {cluster: "${cluster}"${registry}}`, 'k8s')
    for (const recipe of ['packages: [pandas]', 'requirements: r.txt', 'project: course', 'build: course']) {
      expect(problems(recipe)).toContain(`built on this computer, and the nodes of ${cluster} do not get it from there`)
      expect(problems(recipe, ', registry: ghcr.io/team')).toBe('none')
    }
    expect(problems('oci: quay.io/jupyter/base-notebook:1')).toBe('none')
  })

  it.each([
    ['ghcr.io/team', 'none'],
    ['localhost:5000', 'none'],
    ['localhost', 'none'],
    ['registry:5000/a/b-c', 'none'],
    ['docker.io/ana', 'none'],
    ['ana', 'must be a registry'],
    ['https://ghcr.io/team', 'must be a registry'],
    ['ghcr.io/team/', 'must be a registry'],
    ['ghcr.io/Team', 'must be a registry'],
    ['ghcr.io/team:1', 'must be a registry'],
  ])('go to a registry that is one: %s', (registry, problem) => {
    expect(problemsOf(`k8s: {cluster: "context:campus", registry: "${registry}"}`, 'k8s')).toContain(problem)
  })

  it('go into a kind cluster without a registry', () => {
    expect(problemsOf('images: {data: {packages: [pandas]}}', 'k8s')).toBe('none')
    expect(problemsOf('k8s: {registry: ghcr.io/team}', 'k8s')).toContain('images go into a kind cluster without one')
  })
})

describe('edits of other recipes', () => {
  it('write a project and a version of Python, and change the version', () => {
    const one = addImage(base, 'course', {project: 'course', python: '3.12'})
    expect(one).toContain('course:\n    project: course\n    python: "3.12"\n')
    expect(addImage(one, 'course', {python: '3.13'})).toBe(one.replace('3.12', '3.13'))
    expect(() => addImage(one, 'course', {project: 'other'})).toThrow('with another recipe')
    expect(() => addImage(one, 'course', {requirements: 'a.txt'})).toThrow('with another recipe')
  })
})

describe('edits of Debian packages', () => {
  it('write them, alone or beside a recipe, and add to those that are there', () => {
    const one = addImage(base, 'r', {apt: ['r-cran-irkernel', 'r-cran-irkernel']})
    expect(one).toContain('r:\n    apt: [r-cran-irkernel]\n')
    const two = addImage(one, 'r', {apt: ['r-cran-irkernel', 'r-cran-dplyr'], packages: ['bash_kernel']})
    expect(two).toContain('apt: [r-cran-irkernel, r-cran-dplyr]\n    packages: [bash_kernel]\n')
    const file = addImage(base, 'course', {requirements: 'a.txt'})
    expect(addImage(file, 'course', {apt: ['git']})).toContain('requirements: a.txt\n    apt: [git]\n')
    expect(() => addImage(file, 'course', {packages: ['pandas']})).toThrow('with another recipe')
  })
})

describe('edits of container images', () => {
  it('change the tag of one that is there, and no other recipe', () => {
    const one = addImage(base, 'data', {oci: 'a/b:1'})
    expect(one).toContain('data:\n    oci: a/b:1\n')
    expect(addImage(one, 'data', {oci: 'a/b:2'})).toBe(one.replace('a/b:1', 'a/b:2'))
    expect(() => addImage(one, 'data', {packages: ['pandas']})).toThrow('with another recipe')
    expect(() => addImage(addImage(base, 'data', {packages: ['pandas']}), 'data', {oci: 'a/b:1'})).toThrow(
      'with another recipe',
    )
  })
})

describe('edits of images', () => {
  const added = addImage(base, 'data', {packages: ['pandas', 'matplotlib>=3.9']})

  it('keep the text as it is written', () => {
    expect(added).toBe(`${base}images:\n  data:\n    packages: [pandas, matplotlib>=3.9]\n`)
    expect(removeImage(added, 'data')).toBe(base)
  })

  it('add packages to an image that is there, one time each', () => {
    const more = addImage(added, 'data', {packages: ['Matplotlib==3.10', 'seaborn', 'pandas']})
    expect(more).toContain('packages: [pandas, Matplotlib==3.10, seaborn]')
  })

  it('refuse another recipe under the same name, and names that cannot be', () => {
    expect(() => addImage(added, 'data', {requirements: 'a.txt'})).toThrow('There is an image data already')
    expect(() => addImage(base, '../data', {packages: ['pandas']})).toThrow('cannot be the name of an image')
  })

  it('give it to everybody, a group and a person, and take it away', () => {
    const given = [
      {kind: 'default'} as const,
      {kind: 'group', name: 'ta'} as const,
      {kind: 'user', name: 'ana'} as const,
    ]
    const text = given.reduce((source, scope) => setImage(source, 'data', scope), added)
    const spec = parseHubSpec(text)
    expect([spec.image, spec.groups.get('ta')?.image, spec.users.get('ana')?.image]).toEqual(['data', 'data', 'data'])
    const bare = parseHubSpec(given.reduce((source, scope) => unsetImage(source, scope), text))
    expect([bare.image, bare.groups.get('ta')?.image, bare.users.get('ana')?.image]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(() => setImage(added, 'date', {kind: 'default'})).toThrow('did you mean data?')
  })

  it.each([{kind: 'default'} as const, {kind: 'group', name: 'ta'} as const, {kind: 'user', name: 'ana'} as const])(
    'let $kind choose, and take that away again',
    (scope) => {
      const both = addImage(added, 'course', {packages: ['scipy']})
      const offered = offerImage(offerImage(offerImage(both, 'data', scope), 'course', scope), 'data', scope)
      const chooseOf = (text: string) => {
        const spec = parseHubSpec(text)
        if (scope.kind === 'default') return spec.choose
        return (scope.kind === 'group' ? spec.groups : spec.users).get(scope.name)?.choose
      }
      expect(chooseOf(offered)).toEqual(['data', 'course'])
      expect(chooseOf(withdrawImage(offered, 'data', scope))).toEqual(['course'])
      expect(chooseOf(withdrawImage(withdrawImage(offered, 'data', scope), 'course', scope))).toBeUndefined()
      expect(chooseOf(withdrawImage(offered, undefined, scope))).toBeUndefined()
      expect(withdrawImage(both, 'data', {kind: 'default'})).toBe(both)
      expect(() => offerImage(both, 'date', scope)).toThrow('did you mean data?')
      expect(() => withdrawImage(both, 'date', scope)).toThrow('did you mean data?')
    },
  )
})

describe('requirements', () => {
  it.each([
    'pandas',
    'pandas>=2.2,<3',
    'Pandas [excel] == 2.2.*',
    "tomli>=1; python_version < '3.11'",
    'a~=1.0',
    'x(>=1)',
  ])('are taken: %s', (text) => {
    expect(requirementProblem(text)).toBeUndefined()
  })

  it.each([
    ['', 'is empty'],
    ['--index-url http://evil', 'is an option'],
    ['-e .', 'is an option'],
    ['pandas=2.2', 'write pandas==2.2'],
    ['pan das', 'cannot be read'],
    ['pandas\n-r x', 'cannot be read'],
    ['pandas @ https://example.org/p.whl', 'comes from an address'],
    ['git+ssh://git@example.org/a', 'comes from an address'],
    ['./local', 'is a file'],
    ['pandas-2.0-py3-none-any.whl', 'is a file'],
  ])('are refused: %j', (text, sentence) => {
    expect(requirementProblem(text)).toContain(sentence)
  })

  it('are read from a file, lines joined, comments left out', () => {
    const text =
      '\uFEFF# course\r\npandas==2.2.3 \\\r\n    --hash=sha256:00 \\\r\n    --hash=sha256:11\r\n\r\nnumpy # fast\r\n-e .\r\n'
    expect(requirementLines(text)).toEqual([
      {line: 2, text: 'pandas==2.2.3', hashes: ['sha256:00', 'sha256:11']},
      {line: 6, text: 'numpy', hashes: []},
      {line: 7, text: '-e .', hashes: []},
    ])
    expect(requirementName('Scikit_Learn[all] >= 1')).toBe('scikit-learn')
  })
})

describe('hashes that a requirements file names', () => {
  it('are those of a lock, which installs no other file', () => {
    const known = requirementHashes('Pandas[xml]==2.2.3 --hash=sha256:11 --hash sha256:22\nsix\nnumpy>=2 # any\n')
    expect(known).toBe('pandas==2.2.3 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22')
    expect(
      withKnownHashes('pandas==2.2.3 \\\n    --hash=sha256:00\nsix==1.17.0 \\\n    --hash=sha256:33\n', known ?? ''),
    ).toBe('pandas==2.2.3 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\nsix==1.17.0 \\\n    --hash=sha256:33\n')
    expect(requirementHashes('pandas\n')).toBeUndefined()
  })

  it('are told without a password of the same line', () => {
    expect(requirementProblem('--extra-index-url https://ana:geheim@example.org/simple')).not.toContain('geheim')
  })
})

describe('locks of images', () => {
  const lock = {
    recipe: '0123456789ab',
    python: '3.12',
    packages: 'pandas==2.2.3 \\\n    --hash=sha256:00\nsix==1.17.0\n',
  }

  it('say what they were written with', () => {
    expect(parseImageLock(renderImageLock(lock))).toEqual(lock)
    expect(parseImageLock(renderImageLock(lock).replaceAll('\n', '\r\n'))).toEqual(lock)
  })

  it.each([
    undefined,
    '',
    'pandas==2.2.3\n',
    '# x\n# recipe: zz\n# python: 3.12\nx==1\n',
    renderImageLock({...lock, packages: ''}),
  ])('that are damaged are none: %j', (text) => {
    expect(parseImageLock(text)).toBeUndefined()
  })

  it('take hashes that are known already, for the same version alone', () => {
    const lock = `a==1 ; python_version < '3.11' \\\n    --hash=sha256:aa\nb-c==2 \\\n    --hash=sha256:bb\nd==1 \\\n    --hash=sha256:dd\n`
    const known = `A==1 \\\n    --hash=sha256:11 \\\n    --hash=sha256:12\nb_c==3 \\\n    --hash=sha256:33\nnot-there==1 \\\n    --hash=sha256:44\n`
    expect(withKnownHashes(lock, known)).toBe(
      `a==1 ; python_version < '3.11' \\\n    --hash=sha256:11 \\\n    --hash=sha256:12\nb-c==2 \\\n    --hash=sha256:bb\nd==1 \\\n    --hash=sha256:dd\n`,
    )
    expect(withKnownHashes(lock, '')).toBe(lock)
  })

  it('are compared package by package', () => {
    const before = lockedPackages(lock.packages)
    const after = lockedPackages("Pandas==2.3.1 ; python_full_version < '3.12'\npandas==2.4.0 ; x\nscipy==1.15.0\n")
    expect(diffPackages(before, after).map(describePackageChange)).toEqual([
      'pandas 2.2.3 → 2.3.1 or 2.4.0',
      'scipy 1.15.0 (new)',
      'six 1.17.0 (gone)',
    ])
    expect(diffPackages(before, before)).toEqual([])
  })
})
