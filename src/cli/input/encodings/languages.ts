/** What words in one language are made of, for telling which of several readings of bytes is a text. */
export interface Language {
  /** Letters that are not ASCII, in lower case, the most frequent first; or every letter of a large script. */
  readonly letters: string | {readonly pattern: RegExp; readonly count: number}
  /** What no word of the language has. */
  readonly never?: RegExp
}

/** Encodings that have the letters of the same languages. */
export interface EncodingFamily {
  readonly languages: readonly Language[]
  /** As iconv-lite names them, the usual one first. */
  readonly encodings: readonly string[]
  /** Those that only old systems write. */
  readonly rare?: readonly string[]
}

const german: Language = {letters: 'üöäßé', never: /^ß/}
const french: Language = {letters: 'éèçêïëôâîüœûàÿ', never: /œ(?![ui])/}
const estonian: Language = {letters: 'õäüöšž', never: /[cqwxyz]|õ$/}
const turkish: Language = {letters: 'ıüşçöğiâîû', never: /^ğ|ı[eiöüaou]|[qwx]/}
const kana = '\\p{Script=Hiragana}\\p{Script=Katakana}ー'

const western: readonly Language[] = [
  german,
  french,
  {letters: 'íáéóñúü'},
  {letters: 'àèíóéòïçúü'},
  {letters: 'ãçáéíóêâõúôàü', never: /õ(?!e)|ã(?![oes]|$)/},
  {letters: 'àèòùìé', never: /[àèìòù](?!$)/},
  {letters: 'öäåé'},
  {letters: 'øåæéöü'},
  {letters: 'óíáðúéöþýæ', never: /.þ(?![ór])|^ð|[cqwz]/},
  estonian,
]

const central: readonly Language[] = [
  german,
  {letters: 'łóśążęńćź', never: /[ńśźć][aeioóuyąę]|^[ńęąó].|[qvx]/},
  {letters: 'áíéřšžčýěůúňťďóö', never: /^[ěůňýí]|[qwx]/},
  {letters: 'áíšžčýéúľňťôďäĺóŕ', never: /^ý|[qwx]/},
  {letters: 'áéóöüíőúű', never: /ő[ei]|[qx]/},
  {letters: 'ăţşîâ', never: /ă[eo]|[qwy]/},
  {letters: 'ćšžčđ', never: /[qwxy]/},
]

const baltic: readonly Language[] = [{letters: 'ėšžūųįčąę', never: /^[ųę]|[qwx]/}, {letters: 'āīšēņļžūķčģŗ'}, estonian]

/** No vowel in three letters, or five consonants in a row, are no word. */
const unspeakable = /^[^аеёиоуыэюяіїєўъ]{3,}$|[^аеёиоуыэюяіїєўъ]{5}|[аеёиоуыэюя]{4}/.source

const cyrillic: readonly Language[] = [
  {letters: 'аоеинвртлскмдуягйьпбзыхжшчюёэфцщъ', never: new RegExp(`^[ьыъ]|${unspeakable}`)},
  {letters: 'аоинвкертлсмудпязьйбгхчіюжїшцщєґф', never: new RegExp(`^ь|${unspeakable}`)},
  {letters: 'аоеинвртсклдмгпйуябзцжчхшюъфщь', never: new RegExp(`^ь|${unspeakable}`)},
  {letters: 'аоинеркцыявлсдтмуйпўзбгхчшюьжёіэф', never: new RegExp(`^[ьы]|${unspeakable}`)},
  {letters: 'аоиентрсвћјкмлдупгбзшчцжњђфхљџќѓѕ', never: /[^аеиоурл]{5}|[аеиоу]{4}/},
]

const nameSyllables =
  '가강건경고곽광구국권규균근금기길김나남노다대덕도동라란래량려련령록류리림마만명모무문미민박방배백범병보봉복빈사삼상서석선설섭성세소솔송수숙순승시식신심아안애양엄여연영예오옥완용우욱운웅원위유육윤율은을음의이익인일임자장재전정제조종주준중지진차찬창채천철청초최춘충치태택평표풍필하학한해허혁현형혜호홍화환황회효훈휘희'

/** The languages and encodings in which lists and settings files are found. */
export const encodingFamilies: readonly EncodingFamily[] = [
  {languages: western, encodings: ['windows-1252', 'iso-8859-15'], rare: ['macintosh', 'cp850', 'cp437']},
  {languages: central, encodings: ['windows-1250', 'iso-8859-2'], rare: ['maccenteuro', 'cp852']},
  {languages: [turkish, german, french], encodings: ['windows-1254'], rare: ['macturkish', 'cp857']},
  {languages: baltic, encodings: ['windows-1257'], rare: ['cp775']},
  {languages: cyrillic, encodings: ['windows-1251', 'koi8-u'], rare: ['iso-8859-5', 'maccyrillic', 'cp866']},
  {
    languages: [{letters: 'αοιςνρσίτελυπκηάμόγώδήέύθφωβχζξψϊΐϋΰ', never: /ς./}],
    encodings: ['windows-1253'],
    rare: ['iso-8859-7', 'macgreek', 'cp737'],
  },
  {languages: [{letters: 'יורלהאמבנשתחדגקטפכזעצסםןךץף', never: /[םןךץף]./}], encodings: ['windows-1255', 'iso-8859-8']},
  {languages: [{letters: 'اليمنرةبدحعسوهفشخقصطكجىتأزإضغثذظءئؤآ', never: /^[ةىءؤئ]|ة./}], encodings: ['windows-1256']},
  {
    languages: [
      {letters: {pattern: /^\p{Script=Thai}$/u, count: 25}, never: /^[\p{M}ะาำ]|[\u0E34-\u0E39][\u0E34-\u0E39]/u},
    ],
    encodings: ['windows-874'],
  },
  {languages: [{letters: {pattern: /^\p{Script=Han}$/u, count: 800}}], encodings: ['gb18030', 'big5']},
  {
    languages: [
      {letters: {pattern: /^\p{Script=Han}$/u, count: 800}},
      {letters: {pattern: new RegExp(`^[${kana}]$`, 'u'), count: 100}},
      {letters: {pattern: new RegExp(`^[\\p{Script=Han}${kana}々]$`, 'u'), count: 900}},
    ],
    encodings: ['shift_jis', 'euc-jp'],
  },
  {
    languages: [
      {letters: {pattern: new RegExp(`^[${nameSyllables}]$`), count: 170}},
      {letters: {pattern: /^\p{Script=Hangul}$/u, count: 2350}},
    ],
    encodings: ['euc-kr'],
  },
]
