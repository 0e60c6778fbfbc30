import {describe, expect, it} from 'vitest'
import {contentLink, contentSettings, firstPage, type ContentSpec} from '../../../src/hub-spec/content-spec.js'
import {parseHubSpec} from '../../../src/hub-spec/parse-hub-spec.js'

const parse = (content: string) => parseHubSpec(`version: 1\nname: x\nmode: vm\ncontent: ${content}\n`).content

describe('the repository of a course', () => {
  it.each([
    ['https://github.com/org/course', 'https://github.com/org/course/', 'course'],
    ['https://github.com/org/course/', 'https://github.com/org/course/', 'course'],
    ['https://gitlab.example:8443/a/b/course.git', 'https://gitlab.example:8443/a/b/course.git', 'course'],
    ['http://10.0.0.2:8000/course.2026', 'http://10.0.0.2:8000/course.2026/', 'course.2026'],
  ])('%s is the directory after its name', (git, url, directory) => {
    expect(contentSettings(parse(`{git: "${git}"}`))).toEqual({url, branch: null, directory, open: null})
  })

  it.each([
    '{git: "git@github.com:org/course"}',
    '{git: "https://ana:secret@git.example/course"}',
    '{git: "file:///etc"}',
    '{git: "https://git.example"}',
    '{git: "https://git.example/.ssh"}',
    '{git: "https://git.example/a/.."}',
    '{git: "https://git.example/a b"}',
    '{git: "https://git.example/a", branch: "--upload-pack=x"}',
    '{git: "https://git.example/a", open: "../../.bashrc"}',
    '{git: "https://git.example/a", open: "/etc/passwd"}',
    '{branch: main}',
  ])('is not %s', (content) => {
    expect(() => parse(content)).toThrow(expect.objectContaining({code: 'JHUB-E101'}))
  })

  it('is opened at a file in any script', () => {
    const content = parse('{git: "https://git.example/course", branch: v2, open: "Übung 1/作业.ipynb"}')
    expect(firstPage(content)).toBe(
      `/lab/tree/course/${encodeURIComponent('Übung 1')}/${encodeURIComponent('作业.ipynb')}`,
    )
    const link = new URL(contentLink(content as ContentSpec, 'http://192.0.2.7:8000/jupyter/'))
    expect(link.pathname).toBe('/jupyter/hub/user-redirect/git-pull')
    expect(Object.fromEntries(link.searchParams)).toEqual({
      repo: 'https://git.example/course/',
      branch: 'v2',
      targetpath: 'course',
      urlpath: firstPage(content).slice(1),
    })
  })

  it('may be missing', () => {
    expect(contentSettings(undefined)).toBeNull()
    expect(firstPage(undefined)).toBe('/lab')
  })
})
