import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {fitText, widthOf} from '../../../../../src/cli/render/text/fit-text.js'

describe('words in a narrow terminal', () => {
  it.each([
    [
      'Error: ana cannot be removed while her server runs',
      30,
      'Error: ana cannot be removed\n       while her server runs',
    ],
    [
      "sudo sh <<'END'\ncp -r /home/ana /home/students/ana\nEND\nThat copies homes.",
      17,
      "sudo sh <<'END'\ncp -r /home/ana /home/students/ana\nEND\nThat copies\nhomes.",
    ],
    ['- The hub is open to the network.', 20, '- The hub is open to\n  the network.'],
    ['  | no space left on the device', 20, '  | no space left on\n  | the device'],
    ['Try:   jhub user add ana --admin', 24, 'Try:   jhub user add \\\n         ana --admin'],
    ['Next:  jhub config edit · jhub up', 26, 'Next:  jhub config edit\n       jhub up'],
    [
      'Next:  jhub auth secret   # asks for the client secret',
      26,
      'Next:  jhub auth secret\n       # asks for the\n       # client secret',
    ],
    [
      '      try: jhub limits set --memory 704M   # if the notebooks need no more',
      40,
      '      try: jhub limits set \\\n             --memory 704M\n           # if the notebooks need no\n           # more',
    ],
    ['Error: jhub knows none of them', 22, 'Error: jhub knows none\n       of them'],
    ['ana    running  1.2G  2 minutes ago', 20, 'ana    running  1.2G  2 minutes ago'],
    ['Wrote /home/ana/a-very-long-directory/jhub.yaml', 20, 'Wrote\n/home/ana/a-very-long-directory/jhub.yaml'],
    [
      '  5:20  limits.default.memmory: there is no key "memmory" here',
      50,
      '  5:20  limits.default.memmory: there is no key\n        "memmory" here',
    ],
    ["Who handed in what: '/home/ana/hw 1/all.csv'", 36, "Who handed in what:\n'/home/ana/hw 1/all.csv'"],
    ['~ make the directories of a hub  [live]', 24, '~ make the directories\n  of a hub  [live]'],
    [
      '~ end 3 processes of the hub  [all servers end (files stay)]',
      50,
      '~ end 3 processes of the hub\n  [all servers end (files stay)]',
    ],
    ['warn  memory: the machine has too little', 24, 'warn  memory: the\n      machine has too\n      little'],
    [
      'Warning: the limit is never reached. To change it: jhub limits set --memory 11G',
      50,
      'Warning: the limit is never reached. To change it:\n           jhub limits set --memory 11G',
    ],
    [
      '      try: Set access.port in the settings file to another; or: sudo systemctl disable --now traefik jupyterhub',
      60,
      '      try: Set access.port in the settings file to another;\n           or:\n             sudo systemctl disable --now traefik \\\n               jupyterhub',
    ],
    [
      'Try:   Save the values in it, or take what is installed: helm get values RELEASE | jhub import z2jh -',
      60,
      'Try:   Save the values in it, or take what is installed:\n         helm get values RELEASE | jhub import z2jh -',
    ],
    [
      'Error: the engine could not be asked: docker is not there, and jhub looked for it in PATH',
      60,
      'Error: the engine could not be asked: docker is not there,\n       and jhub looked for it in PATH',
    ],
    ['Saved, and not running: then `jhub up` applies it.', 30, 'Saved, and not running: then\n`jhub up` applies it.'],
    [
      'Next:  for name in ana ben; do echo "$name"; done',
      26,
      'Next:  for name in ana \\\n         ben; do echo \\\n         "$name"; done',
    ],
    ['Next:  for name in ana; do echo; done # all', 24, 'Next:  for name in ana; do echo; done # all'],
    [
      "Next:  TOKEN=$(kubectl get secret hub --output 'jsonpath={.data.of}' | base64 --decode)",
      41,
      "Next:  TOKEN=$(kubectl get secret hub \\\n         --output 'jsonpath={.data.of}' \\\n         | base64 --decode)",
    ],
    [
      "Next:  kubectl get secret --output 'jsonpath={.data.of.it}'",
      34,
      "Next:  kubectl get secret \\\n         --output \\\n         'jsonpath={.data.of.it}'",
    ],
    ['✔ Nothing to check: the hub keeps passwords', 30, '✔ Nothing to check: the hub\n  keeps passwords'],
    [
      'Try:   mv A B   # then run the same command again',
      30,
      'Try:   mv A B\n       # then run the same\n       # command again',
    ],
    [
      'Try:   jhub up\n       openssl pkey -in KEY -out hub.key',
      30,
      'Try:   jhub up\n       openssl pkey -in KEY \\\n         -out hub.key',
    ],
    ['Try:   rm /home/ana/jhub.yaml.draft', 30, 'Try:   rm \\\n         /home/ana/jhub.yaml.draft'],
    [
      "Delete them:\n       rm 'the cards/cards.html' cards.csv",
      36,
      "Delete them:\n       rm 'the cards/cards.html' \\\n         cards.csv",
    ],
    ['Next:  Save it as UTF-8, then type it', 30, 'Next:  Save it as UTF-8, then\n       type it'],
    ['Left: 日本語の名前 山田太郎 佐藤', 24, 'Left: 日本語の名前\n      山田太郎 佐藤'],
    ['Try:   jhub user show 山田太郎 --json', 30, 'Try:   jhub user show \\\n         山田太郎 --json'],
    ['as it is', 60, 'as it is'],
  ])('%s in %i columns', (text, width, lines) => {
    expect(fitText(text, width)).toBe(lines)
  })

  it('lose and gain nothing, and none is broken', () => {
    const words = fc.array(fc.stringMatching(/^[A-Za-z.]{1,12}$/), {minLength: 1, maxLength: 40})
    fc.assert(
      fc.property(words, fc.integer({min: 30, max: 100}), (list, width) => {
        const lines = fitText(`Error: ${list.join(' ')}`, width).split('\n')
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(['Error:', ...list])
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('are as long as they are where nobody looks', () => {
    expect(widthOf({isTTY: false, columns: 20})).toBeUndefined()
    expect(fitText('a b c d e f g h i j k l m n', undefined)).toBe('a b c d e f g h i j k l m n')
  })
})
