import iconv from 'iconv-lite'
import {describe, expect, it} from 'vitest'
import {decodeText} from '../../../../src/cli/input/decode-text.js'
import {requireOnceEncoded} from '../../../../src/cli/input/encodings/twice-encoded.js'

const german = ['Jörg Müller', 'Anna Groß', 'Björn Schäfer', 'Jürgen Köhler', 'Käthe Weiß', 'Sören Lüders']
const spanish = ['María Núñez', 'José Muñoz', 'Iñaki Peña', 'Ángel Gómez', 'Sofía Martínez', 'Óscar Ibáñez']
const polish = ['Łukasz Wiśniewski', 'Żaneta Dąbrowska', 'Michał Wójcik', 'Agnieszka Jabłońska', 'Paweł Kozłowski']
const czech = ['Jiří Dvořák', 'Tomáš Černý', 'Žaneta Růžičková', 'Lukáš Němec', 'Štěpán Kučera', 'Ondřej Beneš']
const turkish = ['Ayşe Yılmaz', 'Oğuz Şahin', 'Çağla Öztürk', 'İbrahim Güneş', 'Gülşen Işık', 'Uğur Kılıç']
const russian = ['Иван Петров', 'Ольга Смирнова', 'Дмитрий Щербаков', 'Юлия Жукова', 'Сергей Кузнецов']
const lists: readonly (readonly [readonly string[], readonly string[]])[] = [
  [german, ['windows-1252', 'macintosh', 'cp850', 'cp437']],
  [
    ['François Lefèvre', 'Chloé Béranger', 'Zoé Noël', 'Hélène Crête'],
    ['windows-1252', 'iso-8859-15', 'macintosh'],
  ],
  [spanish, ['windows-1252', 'macintosh', 'cp850']],
  [
    ['João Conceição', 'Inês Guimarães', 'Simão Araújo', 'Mónica Falcão'],
    ['windows-1252', 'cp850'],
  ],
  [
    ['Åsa Öberg', 'Göran Sjöström', 'Håkan Ångström', 'Märta Bäckström'],
    ['windows-1252', 'cp850'],
  ],
  [['Guðrún Þórsdóttir', 'Sigríður Ýr', 'Þór Guðmundsson', 'Bryndís Ævarsdóttir'], ['windows-1252']],
  [polish, ['windows-1250', 'iso-8859-2', 'cp852', 'maccenteuro']],
  [czech, ['windows-1250', 'iso-8859-2', 'cp852', 'maccenteuro']],
  [
    ['László Szabó', 'Zsófia Kővári', 'Gergő Tóth', 'Réka Nagyné Szűcs', 'Ágnes Pálfi'],
    ['windows-1250', 'cp852'],
  ],
  [['Ştefan Ionescu', 'Mihăiţă Pătraşcu', 'Răzvan Brânză', 'Ioana Bălţeanu'], ['windows-1250']],
  [turkish, ['windows-1254', 'cp857']],
  [['Žygimantas Šimkūnas', 'Rūta Čepaitė', 'Jūratė Žukauskienė'], ['windows-1257']],
  [russian, ['windows-1251', 'koi8-r', 'cp866', 'iso-8859-5']],
  [
    ['Олена Ткаченко', 'Євген Їжак', 'Тарас Шевченко', 'Ірина Гнатюк'],
    ['windows-1251', 'koi8-u'],
  ],
  [
    ['Γιώργος Παπαδόπουλος', 'Μαρία Οικονόμου', 'Δημήτρης Γεωργίου'],
    ['windows-1253', 'iso-8859-7', 'cp737'],
  ],
  [['משה כהן', 'שרה לוי', 'דוד מזרחי', 'רחל אברהם'], ['windows-1255']],
  [['محمد علي', 'فاطمة حسن', 'عبد الله يوسف', 'خديجة إبراهيم'], ['windows-1256']],
  [['สมชาย ใจดี', 'สุดา แก้ว', 'วิชัย ศรีสุข'], ['windows-874']],
  [
    ['山田太郎', '佐藤花子', '鈴木一郎', '高橋美咲', 'たなかユウキ'],
    ['shift_jis', 'euc-jp'],
  ],
  [['王小明', '李雷', '韩梅梅', '张伟', '欧阳娜娜'], ['gb18030']],
  [['陳小明', '林美玲', '黃志強', '張雅婷', '歐陽震華'], ['big5']],
  [['김철수', '이영희', '박지민', '최수연', '정민호'], ['euc-kr']],
]
const cases = lists.flatMap(([names, encodings]) =>
  [...encodings, 'utf-16le', 'utf-16be'].map((encoding) => [encoding, names[0] ?? '', names] as const),
)

describe('a list that is not UTF-8', () => {
  it.each(cases)('in %s is read as it was written: %s …', async (encoding, _, names) => {
    for (const text of [`${names.join('\n')}\n`, `Login;Name\r\n${names.map((name) => `s1;${name}\r\n`).join('')}`])
      expect((await decodeText(iconv.encode(text, encoding), 'list')).text).toBe(text)
  })

  it.each([
    ['Kučera', 'windows-1250', 'can be read in more than one way: "Kuèera" in windows-1252, "Kučera" in windows-1250'],
    ['Simões', 'macintosh', 'can be read in more than one way'],
    ['Пётр', 'cp866', 'can be read in more than one way'],
    ['王伟', 'gb18030', 'can be read in more than one way'],
    ['Nguyễn Văn An'.normalize('NFD'), 'windows-1258', 'is not UTF-8, and '],
  ])('of one name that can be another, %s in %s, is refused: %s', async (name, encoding, words) => {
    await expect(decodeText(iconv.encode(`${name}\n`, encoding), 'list')).rejects.toThrow(words)
  })

  it('shows no word of a secret', async () => {
    const error: unknown = await decodeText(iconv.encode('Kučera', 'windows-1250'), 'list', {isSecret: true}).catch(
      (reason: unknown) => reason,
    )
    expect(String(error)).toContain('more than one way: windows-1252, windows-1250')
    expect(String(error)).not.toContain('Ku')
  })
})

describe('a list that was converted to UTF-8 twice', () => {
  const twice = (text: string) => new TextDecoder('windows-1252').decode(Buffer.from(text))

  it.each(['Jörg', 'Núñez', 'Šimkūnas', 'O’Neill', 'Ágnes'])('of %s is refused with what is meant', async (name) => {
    await expect(requireOnceEncoded({name: 'list', text: `ana\n${twice(name)}\n`})).rejects.toThrow(
      `list was converted to UTF-8 twice, so letters are wrong: "${twice(name)}" stands for "${name}"`,
    )
  })

  it.each([...german, ...spanish, ...polish, ...czech, ...turkish, 'CONCEIÇÃO', 'ÅÄÖ', '« CAFÉ »'])(
    'is not one of %s',
    async (text) => {
      await expect(requireOnceEncoded({name: 'list', text})).resolves.toBeUndefined()
    },
  )
})
