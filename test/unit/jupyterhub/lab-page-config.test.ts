import {describe, expect, it} from 'vitest'
import {labPageConfig, leavesNewsOut} from '../../../src/jupyterhub/lab-page-config.js'

const name = '@jupyterlab/apputils-extension:announcements'

describe('the configuration of JupyterLab pages', () => {
  it.each([
    ['as it is written', labPageConfig.text, true],
    [
      'as JupyterLab writes it again',
      JSON.stringify({disabledExtensions: {[name]: true}, lockedExtensions: {[name]: true}}, undefined, 2),
      true,
    ],
    ['switched on again', JSON.stringify({disabledExtensions: {[name]: false}}), false],
    ['damaged', '{', false],
    ['without anything', '{}', false],
    ['not there', undefined, false],
  ])('%s', (_, text, expected) => {
    expect(leavesNewsOut(text)).toBe(expected)
  })
})
